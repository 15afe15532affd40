package dev.broadcast.node.backplane;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
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

  /**
   * For the answers to the first connection: on a busy machine a JVM that had just begun took more
   * than a second for them, and a node with a wrong password started instead of ending.
   */
  private static final Duration FIRST_WITHIN = Duration.ofSeconds(5);

  private final ClientResources resources;
  private final RedisClient client;
  private final List<RedisClient> clients = new CopyOnWriteArrayList<>();
  private final ClientOptions options;
  private final RedisSettings settings;
  private final @Nullable OneLoop shared;
  private volatile boolean connectedBefore;

  /**
   * A driver; it connects when it is told to.
   *
   * @param loop a Netty event loop for the connections; where it is null or of another transport
   *     than the driver's, they have two threads of their own
   */
  RedisDriver(RedisSettings settings, @Nullable Executor loop) {
    this.settings = settings;
    ClientResources.Builder commands =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled());
    this.shared = loop instanceof IoEventLoop given && fits(given) ? new OneLoop(given) : null;
    if (shared != null) {
      commands.eventLoopGroupProvider(shared);
    }
    this.resources = commands.build();
    ClientOptions.Builder options =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
            .socketOptions(
                SocketOptions.builder().connectTimeout(CONNECT_WITHIN).keepAlive(true).build());
    if (settings.ca() != null || settings.certificate() != null) {
      options.sslOptions(tls(settings));
    }
    this.options = options.build();
    this.client = client(resources);
  }

  private static SslOptions tls(RedisSettings settings) {
    SslOptions.Builder tls = SslOptions.builder();
    Path ca = settings.ca();
    Path certificate = settings.certificate();
    Path key = settings.key();
    if (ca != null) {
      tls.trustManager(ca.toFile());
    }
    if (certificate != null && key != null) {
      tls.keyManager(certificate.toFile(), key.toFile(), null);
    }
    return tls.build();
  }

  private RedisClient client(ClientResources of) {
    RedisClient made = RedisClient.create(of);
    made.setOptions(options);
    clients.add(made);
    return made;
  }

  CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect(RedisAddress address) {
    return noted(client.connectAsync(ByteArrayCodec.INSTANCE, address.uri(within())));
  }

  private Duration within() {
    return connectedBefore ? CONNECT_WITHIN : FIRST_WITHIN;
  }

  private <C> CompletionStage<C> noted(CompletionStage<C> connecting) {
    return connecting.whenComplete(
        (connection, failure) -> {
          if (failure == null) {
            connectedBefore = true;
          }
        });
  }

  /** What a link opens its pub/sub connections with. */
  PubSub pubSub() {
    return new PubSub();
  }

  /** What went wrong, in one line for people, without secrets. */
  String explain(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = String.valueOf(cause.getMessage());
    for (String secret : settings.secrets().toList()) {
      text = text.replace(secret, "***");
    }
    return text.lines().findFirst().orElse("no reason given");
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
            clients.stream()
                .map(each -> each.shutdownAsync(0, 2, TimeUnit.SECONDS))
                .toArray(CompletableFuture[]::new))
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

  /** One link's pub/sub connection: one at a time. */
  final class PubSub implements NettyCustomizer {
    private final RedisClient own;

    /** When bytes last came. */
    private volatile long heardAt = System.nanoTime();

    private PubSub() {
      // A resource of its own, since only so can one connection's bytes be told from another's.
      ClientResources.Builder mine = resources.mutate().nettyCustomizer(this);
      if (shared != null) {
        mine.eventLoopGroupProvider(shared); // The copy has not taken it over.
      }
      this.own = client(mine.build());
    }

    CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connect(RedisAddress address) {
      heardAt = System.nanoTime();
      return noted(own.connectPubSubAsync(ByteArrayCodec.INSTANCE, address.uri(within())));
    }

    /** When bytes last came, on {@link System#nanoTime}; from any thread. */
    long heardAt() {
      return heardAt;
    }

    /** Hears bytes before they make up a message: a slow link is not a silent one. */
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
