package dev.broadcast.node.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A Vert.x transport that puts a {@link ConnectionGuard} on every connection that a server accepts.
 *
 * <p>Why: a server that speaks HTTP/1.1 and HTTP/2 in the clear knows of a connection once its
 * first bytes came, so Vert.x has nothing that could end one which sends none. Vert.x' transport is
 * where all servers set up their sockets. A program that brings a Vert.x of its own goes without.
 */
@SuppressWarnings("deprecation") // Netty's word for a family of addresses, in the interface
public final class GuardedTransport implements Transport {
  private final Transport actual;
  private final Acceptance acceptance;

  private GuardedTransport(Transport actual, IncomingLimits limits) {
    this.actual = actual;
    this.acceptance = new Acceptance(limits);
  }

  /** The best transport that this machine has, guarded: for {@code VertxBuilder.withTransport}. */
  public static io.vertx.core.transport.Transport best(IncomingLimits limits) {
    var nativeOne = io.vertx.core.transport.Transport.nativeTransport();
    var best =
        nativeOne != null && nativeOne.available()
            ? nativeOne
            : io.vertx.core.transport.Transport.NIO;
    Transport guarded = new GuardedTransport(best.implementation(), limits);
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
    bootstrap.handler(acceptance);
  }

  /** On the listening socket, where accepted ones pass by before anything is on them. */
  @Sharable
  private static final class Acceptance extends ChannelInboundHandlerAdapter {
    private final IncomingLimits limits;

    Acceptance(IncomingLimits limits) {
      this.limits = limits;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
      if (accepted instanceof Channel channel) {
        channel.pipeline().addFirst(new ConnectionGuard(limits));
      }
      ctx.fireChannelRead(accepted);
    }
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
    return actual.ioHandlerFactory();
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
