package dev.broadcast.node.backplane;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One node's connections to one Redis master, wherever that is at the time: one for scripts that
 * write, one for reads, one for pub/sub. Says when they come and go. Only on the hub thread unless
 * said otherwise.
 */
final class RedisLink {
  private final ServerClock clock = new ServerClock();
  private final MasterWatch master;
  private final RedisCommands commands;
  private final RedisReads reads;
  private final RedisChannels channels;
  private final RedisUsers users;

  /** The process that scripts run in, once it is attached to. */
  private @Nullable String process;

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
    this.users = new RedisUsers(driver);
    this.master = new MasterWatch(hubThread, locator, this::connectedTo, this::cut);
    this.commands = new RedisCommands(hubThread, driver, master::locate, check, new Commands());
    this.reads = new RedisReads(hubThread, driver, master::locate, master::follow);
    this.channels = new RedisChannels(hubThread, driver.pubSub(), master::locate, new Channels());
  }

  /** Of the server at the other end. */
  ServerClock clock() {
    return clock;
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

  void close() {
    commands.close();
    reads.close();
    channels.close();
  }

  boolean canCommand() {
    return commands.isAdmitted();
  }

  /** The scripts' connection is attached to this process; reads must go to the same. */
  void attachedTo(String run) {
    process = run;
    reads.follow(run);
  }

  /** Runs a script that writes. */
  void command(RedisScript script, byte[][] keys, byte[][] arguments, Answer answer) {
    commands.run(script, keys, arguments, answer);
  }

  /** Runs a script that only reads, on the same process. */
  void read(RedisScript script, byte[][] keys, byte[][] arguments, Answer answer) {
    if (reads.leadsTo(process)) {
      reads.run(script, keys, arguments, answer);
    } else {
      commands.run(script, keys, arguments, answer);
    }
  }

  /**
   * Waits until replicas have what scripts wrote so far.
   *
   * @param within milliseconds, from 1
   * @param answer how many have it, or nothing if that is not known
   */
  void awaitReplicas(int replicas, long within, Consumer<@Nullable Long> answer) {
    commands.awaitReplicas(replicas, within, answer);
  }

  /** Publishes, if that is possible now; nobody learns whether it was. */
  void tell(String channel, String text) {
    commands.tell(channel, text);
  }

  /** Deletes a field of a hash, if that is possible now. */
  void delete(byte[] key, byte[] field) {
    commands.delete(key, field);
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
    commands.tick(now);
    channels.tick(now);
    master.tick(now);
  }

  private @Nullable RedisAddress connectedTo() {
    return commands.connectedTo();
  }

  private void cut(String reason) {
    commands.cut(reason);
    channels.cut(reason);
    reads.cut(reason);
  }

  private final class Commands implements RedisCommands.Listener {
    @Override
    public void admitted() {
      clock.forget();
      users.commandsUp();
    }

    @Override
    public void down(String reason) {
      process = null;
      users.commandsDown(reason);
    }

    @Override
    public void failed(Throwable failure) {
      users.failed(failure);
    }

    @Override
    public void refusing(String error, RedisAddress at) {
      String mistake = RedisMistakes.of(error);
      if (master.isBeyondReach(error, at)) {
        users.mistaken("--redis-url: " + at + " is part of a Cluster: redis-cluster:// expected");
      } else if (!mistake.isEmpty()) {
        users.mistaken(mistake);
      }
    }

    @Override
    public void refused(String error) {
      master.follow(error);
    }
  }

  private final class Channels implements RedisChannels.Listener {
    @Override
    public void subscribed() {
      users.subscribed();
    }

    @Override
    public void unsubscribed(String reason) {
      users.unsubscribed(reason);
    }

    @Override
    public void failed(Throwable failure) {
      users.failed(failure);
    }
  }
}
