package dev.broadcast.node.backplane;

import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's connection to the simulated Redis. What was sent arrives in order, late or not at all;
 * what is cut is noticed at once or, without a word from the network, seconds later; and what was
 * on its way when it was cut may be run all the same.
 */
final class PublishSimLine implements PublishLine {
  /** A bug between what is decided and what is sent. */
  interface Plant {
    /** What is sent in place of these arguments of {@code publish.lua}. */
    byte[][] sent(int names, byte[][] arguments);
  }

  private final PublishSim sim;
  private final Plant plant;
  private final ServerClock clock;
  private RedisPublisher publisher;
  private @Nullable ShardState state;
  private int connection;
  private boolean up;
  private boolean open;
  private boolean attaching;
  private long lastArrival;

  /** Of this connection, without an answer yet. */
  private List<RedisLink.Answer> owed = new ArrayList<>();

  /** Sent before this, it still arrives after the cut. */
  private long arrivesUntil;

  PublishSimLine(PublishSim sim, Plant plant) {
    this.sim = sim;
    this.plant = plant;
    this.clock = new ServerClock(sim::now);
  }

  void use(RedisPublisher user) {
    publisher = user;
    connect();
  }

  private void connect() {
    connection++;
    up = true;
    open = true;
    lastArrival = sim.now();
    clock.forget();
    attach();
  }

  /** The network or Redis ends the connection. */
  void cut(boolean unnoticed) {
    if (!open) {
      return;
    }
    open = false;
    // Some of what is under way is past the place where it was cut.
    arrivesUntil = sim.now() + sim.millis(0, 20);
    int which = connection;
    sim.after(unnoticed ? sim.millis(500, 3_000) : sim.millis(0, 5), () -> noticed(which));
  }

  private void noticed(int which) {
    if (which != connection || !up) {
      return;
    }
    up = false;
    open = false;
    state = null;
    List<RedisLink.Answer> unanswered = owed;
    owed = new ArrayList<>();
    publisher.commandsDown("it was cut");
    // The driver tells of each, too, a moment later.
    unanswered.forEach(
        answer ->
            sim.after(
                sim.millis(0, 400),
                () -> answer.take(null, new BackplaneException("the connection was closed"))));
    sim.after(sim.millis(1, 300), this::reconnect);
  }

  private void reconnect() {
    if (sim.reachable()) {
      connect();
    } else {
      publisher.failed("nobody is there");
      sim.after(sim.millis(50, 250), this::reconnect);
    }
  }

  @Override
  public @Nullable ShardState state() {
    return state;
  }

  @Override
  public boolean canCommand() {
    return up;
  }

  @Override
  public void command(
      RedisScript script, byte[][] keys, byte[][] arguments, RedisLink.Answer answer) {
    if (!up) {
      answer.take(null, new BackplaneException("Redis is not connected"));
      return;
    }
    byte[][] sent = plant.sent(keys.length, arguments);
    ask(() -> sim.redis.publish(keys.length, sent, sim.now()), answer);
  }

  /** A round trip. */
  private void ask(Supplier<List<Object>> work, RedisLink.Answer answer) {
    int which = connection;
    boolean intoTheVoid = !open;
    owed.add(answer);
    lastArrival = Math.max(lastArrival, sim.now() + sim.latency());
    sim.at(
        lastArrival,
        () -> {
          boolean cut = which != connection || !open;
          if (intoTheVoid || (cut && sim.now() > arrivesUntil)) {
            return;
          }
          sim.whenRedisRuns(() -> ran(work, which, answer));
        });
  }

  private void ran(Supplier<List<Object>> work, int which, RedisLink.Answer answer) {
    List<Object> reply = null;
    RedisCommandExecutionException refused = null;
    try {
      reply = work.get();
    } catch (RedisCommandExecutionException e) {
      refused = e;
    }
    List<Object> said = reply;
    Throwable failure = refused;
    sim.after(
        sim.latency(),
        () -> {
          if (which == connection && open) {
            owed.remove(answer);
            answer.take(said, failure);
          }
        });
  }

  @Override
  public void awaitReplicas(int replicas, long within, Consumer<@Nullable Long> answer) {
    int which = connection;
    boolean enough = sim.chance(3, 4);
    long takes = enough ? sim.latency() : TimeUnit.MILLISECONDS.toNanos(within);
    sim.after(
        takes,
        () -> answer.accept(which != connection || !open ? null : enough ? (long) replicas : 0L));
  }

  @Override
  public void cut(String reason) {
    open = false;
    int which = connection;
    sim.after(0, () -> noticed(which));
  }

  @Override
  public void attach() {
    if (attaching || !up) {
      return;
    }
    attaching = true;
    int which = connection;
    ask(
        () -> List.of(sim.redis.attach(sim.now())),
        (reply, failure) -> {
          if (which == connection && up && reply != null) {
            state = (ShardState) reply.get(0);
            clock.heard(state.serverMillis());
            publisher.pump();
          }
        });
    // As the link's probes: asked again where no answer came.
    sim.after(
        sim.millis(100, 1_000),
        () -> {
          attaching = false;
          if (state == null) {
            attach();
          }
        });
  }

  @Override
  public void later(Duration delay, Runnable step) {
    sim.after(delay.toNanos(), step);
  }

  @Override
  public long nanoTime() {
    return sim.now();
  }

  @Override
  public ServerClock clock() {
    return clock;
  }
}
