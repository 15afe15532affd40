package dev.broadcast.node.backplane;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A link's connection for scripts that only read, so that a long page does not stand before a
 * publish. Knows which process it leads to: an answer of another one says nothing about what
 * scripts that write have done. Only on the hub thread.
 */
final class RedisReads implements RedisConnector.Listener<StatefulRedisConnection<byte[], byte[]>> {
  private final HubThread hubThread;
  private final RedisConnector<StatefulRedisConnection<byte[], byte[]>> connector;
  private final Consumer<String> refused;
  private final EvictionCheck eviction = new EvictionCheck();
  private @Nullable String process;

  /**
   * A connection; it opens when it is told to.
   *
   * @param master where it leads to, asked each time
   * @param refused told of Redis' error, once who asked has heard of it
   */
  RedisReads(
      HubThread hubThread,
      RedisDriver driver,
      Supplier<CompletableFuture<RedisAddress>> master,
      Consumer<String> refused) {
    this.hubThread = hubThread;
    this.refused = refused;
    this.connector =
        new RedisConnector<>(hubThread, () -> master.get().thenCompose(driver::connect), this);
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

  /** Whether it leads to the process with this run id. */
  boolean leadsTo(@Nullable String run) {
    return run != null && run.equals(process);
  }

  /** Scripts that write run in this process: what leads to another one is given up. */
  void follow(String run) {
    if (process != null && !process.equals(run)) {
      connector.cut("scripts run in another process");
    }
  }

  /** Runs a script; only while it {@link #leadsTo} somewhere. */
  void run(RedisScript script, byte[][] keys, byte[][] arguments, RedisLink.Answer answer) {
    StatefulRedisConnection<byte[], byte[]> connection = connector.current();
    if (connection == null) {
      answer.take(null, new BackplaneException("Redis is not connected"));
      return;
    }
    script.run(
        connection,
        keys,
        arguments,
        (reply, lost) ->
            hubThread.run(
                () -> {
                  Throwable failure = RedisReply.unwrapped(lost);
                  answer.take(reply, failure);
                  String error = RedisReply.error(failure);
                  if (!error.isEmpty() && connection == connector.current()) {
                    refused.accept(error);
                  }
                }));
  }

  @Override
  public void up(StatefulRedisConnection<byte[], byte[]> connection) {
    eviction.check(connection);
    connection
        .async()
        .info("server")
        .whenComplete(
            (info, failure) ->
                hubThread.run(
                    () -> {
                      if (connection == connector.current() && info != null) {
                        process = RedisAddress.runOf(info);
                      }
                    }));
  }

  @Override
  public void down(String reason) {
    process = null;
  }

  @Override
  public void failed(Throwable failure) {
    // The link's other connections say the same.
  }
}
