package dev.broadcast.node.backplane;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A link's connection for scripts that write: nothing is sent before the server at the other end
 * has proved to be one for us, and what stays silent is cut. Only on the hub thread.
 */
final class RedisCommands
    implements RedisConnector.Listener<StatefulRedisConnection<byte[], byte[]>> {
  /** Of silence while answers are owed, after which the connection is made anew. */
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(3);

  private final HubThread hubThread;
  private final RedisDriver driver;
  private final ServerCheck check;
  private final RedisConnector<StatefulRedisConnection<byte[], byte[]>> connector;
  private final Listener listener;

  /** Where the connection leads, or will when it is open. */
  private @Nullable RedisAddress address;

  private boolean admitted;
  private int owed;
  private long answeredAt;

  /** The link around it. */
  interface Listener {
    /** Scripts can be run. */
    void admitted();

    /** The connection is gone, and what was under way is not answered. */
    void down(String reason);

    /** It did not work this time. */
    void failed(Throwable failure);

    /** Redis refused a script with this error; who asked hears of it next. */
    void refusing(String error, RedisAddress at);

    /** Redis refused a script with this error; who asked has heard of it. */
    void refused(String error);
  }

  /**
   * A connection; it opens when it is told to.
   *
   * @param master where it leads to, asked each time
   */
  RedisCommands(
      HubThread hubThread,
      RedisDriver driver,
      Supplier<CompletableFuture<RedisAddress>> master,
      ServerCheck check,
      Listener listener) {
    this.hubThread = hubThread;
    this.driver = driver;
    this.check = check;
    this.listener = listener;
    this.connector =
        new RedisConnector<>(
            hubThread,
            () ->
                master
                    .get()
                    .thenCompose(
                        found -> {
                          address = found;
                          return driver.connect(found);
                        }),
            this);
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

  boolean isAdmitted() {
    return admitted() != null;
  }

  private @Nullable StatefulRedisConnection<byte[], byte[]> admitted() {
    return admitted ? connector.current() : null;
  }

  /** Where it leads; null while it is not open. */
  @Nullable RedisAddress connectedTo() {
    return connector.current() == null ? null : address;
  }

  /** Runs a script. */
  void run(RedisScript script, byte[][] keys, byte[][] arguments, RedisLink.Answer answer) {
    StatefulRedisConnection<byte[], byte[]> connection = admitted();
    if (connection == null) {
      answer.take(null, new BackplaneException("Redis is not connected"));
      return;
    }
    owe();
    script.run(
        connection,
        keys,
        arguments,
        (reply, failure) ->
            hubThread.run(
                () -> answered(connection, reply, RedisReply.unwrapped(failure), answer)));
  }

  private void answered(
      StatefulRedisConnection<byte[], byte[]> connection,
      @Nullable List<Object> reply,
      @Nullable Throwable failure,
      RedisLink.Answer answer) {
    String error = RedisReply.error(failure);
    RedisAddress at = address;
    if (connection == connector.current()) {
      paid();
      if (!error.isEmpty() && at != null) {
        listener.refusing(error, at);
      }
    }
    answer.take(reply, failure);
    if (!error.isEmpty() && connection == connector.current()) {
      listener.refused(error);
    }
  }

  /**
   * Waits until replicas have what was written on this connection so far.
   *
   * @param within milliseconds, from 1
   * @param answer how many have it, or nothing if that is not known
   */
  void awaitReplicas(int replicas, long within, Consumer<@Nullable Long> answer) {
    StatefulRedisConnection<byte[], byte[]> connection = admitted();
    if (connection == null) {
      answer.accept(null);
      return;
    }
    owe();
    connection
        .async()
        .waitForReplication(replicas, within)
        .whenComplete(
            (count, failure) ->
                hubThread.run(
                    () -> {
                      if (connection == connector.current()) {
                        paid();
                      }
                      answer.accept(count);
                    }));
  }

  /** Publishes, if that is possible now; nobody learns whether it was. */
  void tell(String channel, String text) {
    StatefulRedisConnection<byte[], byte[]> connection = admitted();
    if (connection != null) {
      Future<?> unused =
          connection.async().publish(RedisKeys.bytes(channel), RedisKeys.bytes(text));
    }
  }

  /** Deletes a field of a hash, if that is possible now. */
  void delete(byte[] key, byte[] field) {
    StatefulRedisConnection<byte[], byte[]> connection = admitted();
    if (connection != null) {
      Future<?> unused = connection.async().hdel(key, field);
    }
  }

  /** Again and again, while probes are sent at least every second. */
  void tick(long now) {
    if (owed > 0 && now - answeredAt > SILENCE) {
      connector.cut("Redis has not answered for 3 s");
    }
  }

  private void owe() {
    if (owed++ == 0) {
      answeredAt = System.nanoTime();
    }
  }

  private void paid() {
    owed--;
    answeredAt = System.nanoTime();
  }

  @Override
  public void up(StatefulRedisConnection<byte[], byte[]> connection) {
    owed = 0;
    owe(); // the check's answer
    check.check(
        connection,
        Objects.requireNonNull(address, "located before it was connected to"),
        failure -> hubThread.run(() -> checked(connection, failure)));
  }

  private void checked(
      StatefulRedisConnection<byte[], byte[]> connection, @Nullable Throwable failure) {
    if (connection != connector.current()) {
      return;
    }
    paid();
    if (failure == null) {
      admitted = true;
      listener.admitted();
    } else {
      listener.failed(failure);
      connector.cut(driver.explain(failure));
    }
  }

  @Override
  public void down(String reason) {
    owed = 0;
    admitted = false;
    listener.down(reason);
  }

  @Override
  public void failed(Throwable failure) {
    listener.failed(failure);
  }
}
