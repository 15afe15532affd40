package dev.broadcast.node.backplane;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

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
  private final RedisURI uri;

  /** When bytes last came on the pub/sub connection. */
  private volatile long heardAt = System.nanoTime();

  RedisDriver(RedisAddress address) {
    this.uri = address.uri(CONNECT_WITHIN);
    this.resources =
        ClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
    this.client = RedisClient.create(resources);
    // A resource of its own, since only so can one connection's bytes be told from another's.
    this.pubSubClient = RedisClient.create(resources.mutate().nettyCustomizer(new Ear()).build());
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
