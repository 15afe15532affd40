package dev.broadcast.node.backplane;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.Transports;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lettuce, set up so that it never does anything on its own: it does not reconnect, so it sends no
 * command twice and loses no subscription silently; it keeps no command for later; it times nothing
 * out.
 */
final class RedisDriver {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(1);

  private final ClientResources resources;
  private final RedisClient client;
  private final RedisClient pubSubClient;
  private final RedisAddress address;
  private final RedisURI uri;

  /** When bytes last came on the pub/sub connection. */
  private volatile long heardAt = System.nanoTime();

  /**
   * A driver; it connects when it is told to.
   *
   * @param loop a Netty event loop for the connections; where it is null or of another transport
   *     than the driver's, they have two threads of their own
   */
  RedisDriver(RedisAddress address, @Nullable Executor loop) {
    this.address = address;
    this.uri = address.uri(CONNECT_WITHIN);
    ClientResources.Builder commands =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled());
    OneLoop shared = loop instanceof IoEventLoop given && fits(given) ? new OneLoop(given) : null;
    if (shared != null) {
      commands.eventLoopGroupProvider(shared);
    }
    this.resources = commands.build();
    this.client = RedisClient.create(resources);
    // A resource of its own, since only so can one connection's bytes be told from another's.
    ClientResources.Builder pubSub = resources.mutate().nettyCustomizer(new Ear());
    if (shared != null) {
      pubSub.eventLoopGroupProvider(shared); // The copy has not taken it over.
    }
    this.pubSubClient = RedisClient.create(pubSub.build());
    ClientOptions options =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
            .socketOptions(
                SocketOptions.builder().connectTimeout(CONNECT_WITHIN).keepAlive(true).build())
            .build();
    client.setOptions(options);
    pubSubClient.setOptions(options);
  }

  CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
    return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
  }

  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
    heardAt = System.nanoTime();
    return pubSubClient.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
  }

  /**
   * When bytes last came on the pub/sub connection, on {@link System#nanoTime}; from any thread.
   */
  long heardAt() {
    return heardAt;
  }

  /** What went wrong, for people, without secrets. */
  String explain(Throwable failure) {
    return address.explain(failure);
  }

  /** Whether the kind of socket that the driver opens can live on the loop. */
  private static boolean fits(IoEventLoop loop) {
    try {
      Class<?> socket = Transports.socketChannelClass();
      return (socket == NioSocketChannel.class && loop.isCompatible(NioIoHandle.class))
          || (socket == EpollSocketChannel.class && loop.isCompatible(EpollIoHandle.class));
    } catch (LinkageError otherNetty) {
      return false;
    }
  }

  CompletableFuture<Void> close() {
    return CompletableFuture.allOf(
            client.shutdownAsync(0, 2, TimeUnit.SECONDS),
            pubSubClient.shutdownAsync(0, 2, TimeUnit.SECONDS))
        .handle((done, failure) -> null)
        .thenAccept(
            done -> {
              Future<?> unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
            });
  }

  /**
   * Puts all connections on one loop, which is another's and goes on without us. A thread between
   * the socket and the hub costs a wake-up and a switch for every frame and every answer.
   */
  private record OneLoop(IoEventLoop loop) implements EventLoopGroupProvider {
    @Override
    @SuppressWarnings("unchecked") // the driver asks by class only to tell kinds of groups apart
    public <T extends EventLoopGroup> T allocate(Class<T> type) {
      return (T) loop;
    }

    @Override
    public int threadPoolSize() {
      return 1;
    }

    @Override
    public io.netty.util.concurrent.Future<Boolean> release(
        EventExecutorGroup group, long quiet, long timeout, TimeUnit unit) {
      return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }

    @Override
    public io.netty.util.concurrent.Future<Boolean> shutdown(
        long quiet, long timeout, TimeUnit unit) {
      return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
    }
  }

  /** Hears bytes before they make up a message: a slow link is not a silent one. */
  private final class Ear implements NettyCustomizer {
    @Override
    public void afterChannelInitialized(Channel channel) {
      channel
          .pipeline()
          .addFirst(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object bytes) {
                  heardAt = System.nanoTime();
                  context.fireChannelRead(bytes);
                }
              });
    }
  }
}
