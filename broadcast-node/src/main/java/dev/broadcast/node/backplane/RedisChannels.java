package dev.broadcast.node.backplane;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The pub/sub connection of a link: every channel subscribed, or the connection made anew. Only on
 * the hub thread unless said otherwise.
 */
final class RedisChannels
    implements RedisConnector.Listener<StatefulRedisPubSubConnection<byte[], byte[]>> {
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(3);

  private final HubThread hubThread;
  private final RedisConnector<StatefulRedisPubSubConnection<byte[], byte[]>> connector;
  private final RedisDriver.PubSub pubSub;
  private final Listener listener;
  private final Map<String, Consumer<byte[]>> subscriptions = new ConcurrentHashMap<>();

  /** Who wants to know. */
  interface Listener {
    /** Every channel is subscribed. */
    void subscribed();

    /** Messages may go missing. */
    void unsubscribed(String reason);

    /** It did not work this time. */
    void failed(Throwable failure);
  }

  RedisChannels(
      HubThread hubThread,
      RedisDriver.PubSub pubSub,
      Supplier<CompletionStage<RedisAddress>> master,
      Listener listener) {
    this.hubThread = hubThread;
    this.pubSub = pubSub;
    this.listener = listener;
    this.connector =
        new RedisConnector<>(hubThread, () -> master.get().thenCompose(pubSub::connect), this);
  }

  /**
   * Before {@link #open}.
   *
   * @param receiver called on the driver's thread, in order
   */
  void subscribe(String channel, Consumer<byte[]> receiver) {
    subscriptions.put(channel, receiver);
  }

  void open() {
    connector.open();
  }

  void close() {
    connector.close();
  }

  /** Gives the connection up and opens another. */
  void cut(String reason) {
    connector.cut(reason);
  }

  /** Again and again, while probes are sent at least every second. */
  void tick(long now) {
    if (connector.current() != null && now - pubSub.heardAt() > SILENCE) {
      connector.cut("nothing came on the pub/sub connection for 3 s");
    }
  }

  @Override
  public void up(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] channel, byte[] message) {
            Consumer<byte[]> receiver = subscriptions.get(RedisReply.text(channel));
            if (receiver != null) {
              receiver.accept(message);
            }
          }
        });
    byte[][] names = subscriptions.keySet().stream().map(RedisKeys::bytes).toArray(byte[][]::new);
    connection
        .async()
        .subscribe(names)
        .whenComplete(
            (done, failure) ->
                hubThread.run(
                    () -> {
                      if (connection != connector.current()) {
                        return;
                      }
                      if (failure != null) {
                        listener.failed(failure);
                        connector.cut("Redis refused the subscription");
                      } else {
                        listener.subscribed();
                      }
                    }));
  }

  @Override
  public void down(String reason) {
    listener.unsubscribed(reason);
  }

  @Override
  public void failed(Throwable failure) {
    listener.failed(failure);
  }
}
