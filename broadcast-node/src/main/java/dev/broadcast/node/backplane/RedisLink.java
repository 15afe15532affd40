package dev.broadcast.node.backplane;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node's connections to one Redis master, wherever that is at the time: one for scripts that
 * write, one for reads, so that a long page does not stand before a publish, one for pub/sub. Says
 * when they come and go, and cuts one that has been silent for too long. Only on the hub thread
 * unless said otherwise.
 */
final class RedisLink {
  /** Of silence while answers are owed, after which a connection is made anew. */
  private static final long SILENCE = TimeUnit.SECONDS.toNanos(3);

  /** Between questions whether the master is still the one. */
  private static final long WATCH = TimeUnit.MILLISECONDS.toNanos(500);

  private final HubThread hubThread;
  private final RedisDriver driver;
  private final RedisLocator locator;
  private final ServerCheck check;
  private final ServerClock clock = new ServerClock();
  private final RedisConnector<StatefulRedisConnection<byte[], byte[]>> commands;
  private final RedisConnector<StatefulRedisConnection<byte[], byte[]>> reads;
  private final RedisChannels channels;
  private final List<User> users = new ArrayList<>();
  private final EvictionCheck eviction = new EvictionCheck();

  private long answeredAt;
  private int owed;
  private @Nullable String commandsRun;
  private @Nullable String readsRun;
  private @Nullable RedisAddress commandsAt;
  private boolean admitted;
  private boolean locating;
  private long locatedAt = System.nanoTime();

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

    /** With this Redis and these settings it can never work; at the start that ends it. */
    default void mistaken(String reason) {}
  }

  /** What becomes of a script. */
  interface Answer {
    /**
     * On the hub thread: its reply, or a {@link RedisCommandExecutionException} if Redis refused,
     * or, if the answer was lost, anything else.
     */
    void take(@Nullable List<Object> reply, @Nullable Throwable failure);
  }

  /**
   * A link; it connects when it is told to.
   *
   * @param check whether the server at the other end is one for us
   */
  RedisLink(RedisDriver driver, RedisLocator locator, ServerCheck check, HubThread hubThread) {
    this.hubThread = hubThread;
    this.driver = driver;
    this.locator = locator;
    this.check = check;
    this.commands =
        new RedisConnector<>(
            hubThread,
            () ->
                located()
                    .thenCompose(
                        master -> {
                          commandsAt = master;
                          return driver.connect(master);
                        }),
            new Commands());
    this.reads =
        new RedisConnector<>(hubThread, () -> located().thenCompose(driver::connect), new Reads());
    this.channels = new RedisChannels(hubThread, driver.pubSub(), this::located, new Channels());
  }

  /** Of the server at the other end. */
  ServerClock clock() {
    return clock;
  }

  /** Where the master is; completes on the hub thread. */
  private CompletableFuture<RedisAddress> located() {
    var result = new CompletableFuture<RedisAddress>();
    locator
        .locate()
        .whenComplete(
            (master, failure) ->
                hubThread.run(
                    () -> {
                      if (failure != null) {
                        result.completeExceptionally(failure);
                      } else {
                        result.complete(master);
                      }
                    }));
    return result;
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
    return admitted && commands.current() != null;
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
                  if (connection == commands.current()) {
                    refuseForeign(unwrapped(failure));
                  }
                  answer.take(reply, unwrapped(failure));
                  if (connection == commands.current()) {
                    follow(unwrapped(failure));
                  }
                }));
  }

  /**
   * Waits until replicas have what was written on this connection so far.
   *
   * @param within milliseconds, from 1
   * @param answer how many have it, or nothing if that is not known
   */
  void awaitReplicas(int replicas, long within, Consumer<@Nullable Long> answer) {
    StatefulRedisConnection<byte[], byte[]> connection = commands.current();
    if (connection == null) {
      answer.accept(null);
      return;
    }
    if (owed++ == 0) {
      answeredAt = System.nanoTime();
    }
    connection
        .async()
        .waitForReplication(replicas, within)
        .whenComplete(
            (count, failure) ->
                hubThread.run(
                    () -> {
                      if (connection == commands.current()) {
                        owed--;
                        answeredAt = System.nanoTime();
                      }
                      answer.accept(count);
                    }));
  }

  /** Said before anybody hears of the error, so that a start ends with the reason. */
  private void refuseForeign(@Nullable Throwable failure) {
    RedisAddress at = commandsAt;
    if (failure instanceof RedisCommandExecutionException && at != null) {
      String error = String.valueOf(failure.getMessage());
      String mistake = RedisMistakes.of(error);
      if (error.startsWith("MOVED") && !locator.moved(error, at)) {
        refuse("--redis-url: " + at + " is part of a Cluster: redis-cluster:// expected");
      } else if (!mistake.isEmpty()) {
        refuse(mistake);
      }
    }
  }

  /** Goes where Redis says that the keys are. */
  private void follow(@Nullable Throwable failure) {
    String error =
        failure instanceof RedisCommandExecutionException
            ? String.valueOf(failure.getMessage())
            : "";
    RedisAddress at = commandsAt;
    if (error.startsWith("MOVED") && at != null) {
      if (locator.moved(error, at)) {
        cut("the slot has moved to another master");
      }
    } else if (error.startsWith("CLUSTERDOWN")) {
      locateAgain();
    }
  }

  /** Gives all connections up if the master is another one now. */
  private void locateAgain() {
    if (locating) {
      return;
    }
    locating = true;
    locatedAt = System.nanoTime();
    var unused =
        located()
            .whenComplete(
                (master, failure) -> {
                  locating = false;
                  RedisAddress at = commandsAt;
                  if (master != null && commands.current() != null && !master.isSameServer(at)) {
                    cut("the master is " + master + " now");
                  }
                });
  }

  private void cut(String reason) {
    commands.cut(reason);
    channels.cut(reason);
    reads.cut(reason);
  }

  private void refuse(String reason) {
    users.forEach(user -> user.mistaken(reason));
    users.forEach(user -> user.failed(reason));
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
        (reply, failure) ->
            hubThread.run(
                () -> {
                  answer.take(reply, unwrapped(failure));
                  if (connection == reads.current()) {
                    follow(unwrapped(failure));
                  }
                }));
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
    if (locator.isWatched() && now - locatedAt > WATCH) {
      locateAgain();
    }
  }

  void close() {
    commands.close();
    reads.close();
    channels.close();
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  private void fail(Throwable failure) {
    String reason = driver.explain(failure);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof WrongTopologyException) {
        refuse(reason);
        return;
      }
    }
    String mistake = RedisMistakes.of(reason);
    if (mistake.isEmpty()) {
      users.forEach(user -> user.failed(reason));
    } else {
      refuse(mistake);
    }
  }

  private final class Commands
      implements RedisConnector.Listener<StatefulRedisConnection<byte[], byte[]>> {
    @Override
    public void up(StatefulRedisConnection<byte[], byte[]> connection) {
      owed = 0;
      commandsRun = null;
      clock.forget();
      check.check(
          connection,
          Objects.requireNonNull(commandsAt, "located before it was connected to"),
          failure ->
              hubThread.run(
                  () -> {
                    if (connection != commands.current()) {
                      return;
                    }
                    if (failure == null) {
                      admit();
                    } else {
                      fail(failure);
                      commands.cut(driver.explain(failure));
                    }
                  }));
    }

    private void admit() {
      admitted = true;
      users.forEach(User::commandsUp);
    }

    @Override
    public void down(String reason) {
      owed = 0;
      commandsRun = null;
      admitted = false;
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
