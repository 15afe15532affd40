package dev.broadcast.node.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A Vert.x transport that accepts connections at the pace at which its event loops can look after
 * them, and puts a {@link ConnectionGuard} on each.
 *
 * <p>Why: a server that speaks HTTP/1.1 and HTTP/2 in the clear knows of a connection once its
 * first bytes came, so Vert.x has nothing that could end one which sends none. Vert.x' transport is
 * where all servers set up their sockets. A program that brings a Vert.x of its own goes without.
 */
@SuppressWarnings("deprecation") // Netty's word for a family of addresses, in the interface
public final class GuardedTransport implements Transport {
  /**
   * Sockets that one turn of an event loop looks after; with the next, whatever waits goes first.
   */
  private static final int READY_SOCKETS = 128;

  /**
   * What the kernel takes of a socket's bytes before it can send them. Left to itself it grows the
   * send buffer to 4 MB and says that there is room again when a third of that is free: a client
   * that read 32 KiB/s without a break took nothing, as seen from here, for 33 s.
   */
  private static final long UNSENT_BYTES = 128 << 10;

  private final Transport actual;
  private final boolean epoll;
  private final IncomingLimits limits;
  private final Arrivals arrivals = new Arrivals();

  private GuardedTransport(Transport actual, boolean epoll, IncomingLimits limits) {
    this.actual = actual;
    this.epoll = epoll;
    this.limits = limits;
  }

  /** The best transport that this machine has, guarded: for {@code VertxBuilder.withTransport}. */
  public static io.vertx.core.transport.Transport best(IncomingLimits limits) {
    var nativeOne = io.vertx.core.transport.Transport.nativeTransport();
    var best =
        nativeOne != null && nativeOne.available()
            ? nativeOne
            : io.vertx.core.transport.Transport.NIO;
    Transport guarded =
        new GuardedTransport(best.implementation(), best.name().equals("epoll"), limits);
    return new io.vertx.core.transport.Transport() {
      @Override
      public String name() {
        return best.name();
      }

      @Override
      public boolean available() {
        return best.available();
      }

      @Override
      public @Nullable Throwable unavailabilityCause() {
        return best.unavailabilityCause();
      }

      @Override
      public Transport implementation() {
        return guarded;
      }
    };
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
    actual.configure(config, domainSocket, bootstrap);
    if (epoll && !domainSocket) {
      bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    }
    bootstrap.handler(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel listening) {
            listening.pipeline().addLast(new Acceptance(limits, arrivals));
          }
        });
  }

  @Override
  public boolean supportsDomainSockets() {
    return actual.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return actual.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return actual.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return actual.unavailabilityCause();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return actual.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return actual.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return epoll
        ? EpollIoHandler.newFactory(READY_SOCKETS, DefaultSelectStrategyFactory.INSTANCE)
        : actual.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
    return actual.eventLoopGroup(type, threads, factory, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return actual.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return actual.datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return actual.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return actual.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    actual.configure(channel, options);
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
    actual.configure(config, domainSocket, bootstrap);
  }
}
