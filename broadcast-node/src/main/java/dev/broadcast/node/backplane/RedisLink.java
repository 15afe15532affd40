package dev.broadcast.node.backplane;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node's connections to one Redis server: one for scripts that write, one for reads, so that a
 * long page does not stand before a publish, one for pub/sub. Says when they come and go, and cuts
 * one that has been silent for too long. Only on the hub thread unless said otherwise.
 */
final class RedisLink {
  /** Of silence while answers are owed, after which a connection is made anew. */
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(3);

  private final HubThread hubThread;
  private final RedisDriver driver;
  private final RedisConnector<StatefulRedisConnection<byte[], byte[]>> commands;
  private final RedisConnector<StatefulRedisConnection<byte[], byte[]>> reads;
  private final RedisChannels channels;
  private final List<User> users = new ArrayList<>();
  private final EvictionCheck eviction = new EvictionCheck();

  private long answeredAt;
  private int owed;
  private @Nullable String commandsRun;
  private @Nullable String readsRun;

  /** What is built on the link; called in the order in which they were added. */
  interface User {
    /** Scripts can be run; none of an earlier connection is answered any more. */
    void commandsUp();

    /** No script can be run, and what was under way is not answered. */
    void commandsDown(String reason);

    /** Every channel is subscribed. */
    void subscribed();

    /** Messages may go missing. */
    void unsubscribed(String reason);

    /** Redis was not reached. */
    void failed(String reason);
  }

  /** What becomes of a script. */
  interface Answer {
    /**
     * On the hub thread: its reply, or a {@link RedisCommandExecutionException} if Redis refused,
     * or, if the answer was lost, anything else.
     */
    void take(@Nullable List<Object> reply, @Nullable Throwable failure);
  }

  RedisLink(RedisDriver driver, HubThread hubThread) {
    this.hubThread = hubThread;
    this.driver = driver;
    this.commands = new RedisConnector<>(hubThread, driver::connect, new Commands());
    this.reads = new RedisConnector<>(hubThread, driver::connect, new Reads());
    this.channels = new RedisChannels(hubThread, driver, new Channels());
  }

  /** Before {@link #open}. */
  void use(User user) {
    users.add(user);
  }

  /**
   * Before {@link #open}.
   *
   * @param receiver called on the driver's thread, in order
   */
  void subscribe(String channel, Consumer<byte[]> receiver) {
    channels.subscribe(channel, receiver);
  }

  void open() {
    commands.open();
    channels.open();
    reads.open();
  }

  boolean canCommand() {
    return commands.current() != null;
  }

  /** The scripts' connection is attached to this process; reads must go to the same. */
  void attachedTo(String run) {
    commandsRun = run;
  }

  /** Runs a script that writes. */
  void command(RedisScript script, byte[][] keys, byte[][] arguments, Answer answer) {
    StatefulRedisConnection<byte[], byte[]> connection = commands.current();
    if (connection == null) {
      answer.take(null, new BackplaneException("Redis is not connected"));
      return;
    }
    if (owed++ == 0) {
      answeredAt = System.nanoTime();
    }
    script.run(
        connection,
        keys,
        arguments,
        (reply, failure) ->
            hubThread.run(
                () -> {
                  if (connection == commands.current()) {
                    owed--;
                    answeredAt = System.nanoTime();
                  }
                  answer.take(reply, unwrapped(failure));
                }));
  }

  /** Publishes, if that is possible now; nobody learns whether it was. */
  void tell(String channel, String text) {
    StatefulRedisConnection<byte[], byte[]> connection = commands.current();
    if (connection != null) {
      Future<?> unused =
          connection.async().publish(RedisKeys.bytes(channel), RedisKeys.bytes(text));
    }
  }

  /** Deletes fields of a hash, if that is possible now. */
  void delete(byte[] key, byte[] field) {
    StatefulRedisConnection<byte[], byte[]> connection = commands.current();
    if (connection != null) {
      Future<?> unused = connection.async().hdel(key, field);
    }
  }

  /** Runs a script that only reads, on the same process. */
  void read(RedisScript script, byte[][] keys, byte[][] arguments, Answer answer) {
    StatefulRedisConnection<byte[], byte[]> connection = reads.current();
    if (connection == null || commandsRun == null || !commandsRun.equals(readsRun)) {
      command(script, keys, arguments, answer);
      return;
    }
    script.run(
        connection,
        keys,
        arguments,
        (reply, failure) -> hubThread.run(() -> answer.take(reply, unwrapped(failure))));
  }

  void cutCommands(String reason) {
    commands.cut(reason);
  }

  /** A read was not answered in time. */
  void cutReads(String reason) {
    reads.cut(reason);
  }

  /** Again and again, while probes are sent at least every second. */
  void tick(long now) {
    if (owed > 0 && now - answeredAt > SILENCE) {
      commands.cut("Redis has not answered for 3 s");
    }
    channels.tick(now);
  }

  CompletableFuture<Void> close() {
    commands.close();
    reads.close();
    channels.close();
    return driver.close();
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  private void fail(Throwable failure) {
    String reason = driver.explain(failure);
    users.forEach(user -> user.failed(reason));
  }

  private final class Commands
      implements RedisConnector.Listener<StatefulRedisConnection<byte[], byte[]>> {
    @Override
    public void up(StatefulRedisConnection<byte[], byte[]> connection) {
      owed = 0;
      commandsRun = null;
      users.forEach(User::commandsUp);
    }

    @Override
    public void down(String reason) {
      owed = 0;
      commandsRun = null;
      users.forEach(user -> user.commandsDown(reason));
    }

    @Override
    public void failed(Throwable failure) {
      fail(failure);
    }
  }

  private final class Reads
      implements RedisConnector.Listener<StatefulRedisConnection<byte[], byte[]>> {
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
                        if (connection == reads.current() && info != null) {
                          readsRun = RedisAddress.runOf(info);
                        }
                      }));
    }

    @Override
    public void down(String reason) {
      readsRun = null;
    }

    @Override
    public void failed(Throwable failure) {
      // The other connections say the same.
    }
  }

  private final class Channels implements RedisChannels.Listener {
    @Override
    public void subscribed() {
      users.forEach(User::subscribed);
    }

    @Override
    public void unsubscribed(String reason) {
      users.forEach(user -> user.unsubscribed(reason));
    }

    @Override
    public void failed(Throwable failure) {
      fail(failure);
    }
  }
}
