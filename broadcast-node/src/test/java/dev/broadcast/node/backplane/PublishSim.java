package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.broadcast.node.backplane.Publication.Idempotency;
import dev.broadcast.node.backplane.PublishOutcome.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One seed: two nodes' real {@link RedisPublisher}s, a simulated Redis, publishers who repeat what
 * was not acknowledged under its key at any node, and whatever can come between. No I/O, no
 * threads, no clock but its own.
 */
final class PublishSim {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long TRAFFIC = 4 * SECOND;
  private static final BackplaneSettings SETTINGS = BackplaneSettings.defaults("sim", "n");
  private static final List<String> ERRORS =
      List.of("READONLY You can't write", "LOADING it reads", "OOM no memory", "BUSY a script");

  private record Event(long at, long order, Runnable step) {}

  final PublishSimRedis redis;
  private final SplittableRandom random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          (a, b) -> a.at == b.at ? Long.compare(a.order, b.order) : Long.compare(a.at, b.at));
  private final List<PublishSimLine> lines = new ArrayList<>();
  private final List<RedisPublisher> nodes = new ArrayList<>();
  private final List<PublishSimAttempt> attempts = new ArrayList<>();
  private final Map<String, Integer> counts;
  private long now;
  private long order;
  private long pausedUntil;
  private long awayUntil;
  private boolean lostData;
  private int slowness = 1;

  PublishSim(long seed, PublishSimLine.Plant plant, Map<String, Integer> counts) {
    this.random = new SplittableRandom(seed);
    this.counts = counts;
    now = random.nextLong(SECOND, 1_000 * SECOND);
    redis = new PublishSimRedis(random.nextLong(1_000_000_000_000L));
    int waitReplicas = random.nextInt(4) == 0 ? 1 : 0;
    for (int i = 0; i < 2; i++) {
      var line = new PublishSimLine(this, plant);
      var node = new RedisPublisher(0, new RedisKeys("sim", 0, 1), SETTINGS, waitReplicas, line);
      line.use(node);
      lines.add(line);
      nodes.add(node);
      tick(node);
    }
  }

  /** Throws where a promise was broken. */
  void run() {
    long end = now + TRAFFIC;
    int messages = random.nextInt(5, 60);
    for (int i = 0; i < messages; i++) {
      String name = "m" + i;
      String key = random.nextInt(3) > 0 ? "key-" + name : null;
      at(now + random.nextLong(TRAFFIC), () -> publish(name, key, 3));
    }
    int troubles = random.nextInt(6);
    for (int i = 0; i < troubles; i++) {
      at(now + random.nextLong(TRAFFIC), this::trouble);
    }
    while (!events.isEmpty() && now < end + 30 * SECOND) {
      Event next = events.remove();
      now = next.at;
      next.step.run();
    }
    judge();
  }

  private void tick(RedisPublisher node) {
    after(
        TICK,
        () -> {
          node.tick(now);
          tick(node);
        });
  }

  private void publish(String name, @Nullable String key, int tries) {
    byte[] payload = name.getBytes(US_ASCII);
    Idempotency idempotency = key == null ? null : new Idempotency(key, "content-" + name);
    long within = SETTINGS.publishDeadline().toNanos() - TICK;
    var item = new PublishItem("t", new Publication("t", payload, idempotency, null), now + within);
    var attempt = new PublishSimAttempt(payload, key, item);
    attempts.add(attempt);
    RedisPublisher node = nodes.get(random.nextInt(2));
    var unused =
        item.outcome()
            .thenAccept(
                outcome -> {
                  attempt.answered(now);
                  count(outcome);
                  if (!(outcome instanceof Stored) && key != null && tries > 1) {
                    after(millis(0, 300), () -> publish(name, key, tries - 1));
                  }
                });
    node.add(item);
    node.pump();
  }

  private void count(PublishOutcome outcome) {
    boolean repeated = outcome instanceof Stored stored && stored.repeated();
    String what = repeated ? "repeated" : outcome.getClass().getSimpleName();
    counts.merge(what, 1, Integer::sum);
  }

  private void trouble() {
    int kind = random.nextInt(10);
    switch (kind) {
      case 0, 1 -> lines.get(random.nextInt(2)).cut(false);
      case 2 -> lines.get(random.nextInt(2)).cut(true);
      case 3, 4 -> pausedUntil = Math.max(pausedUntil, now + millis(10, 4_000));
      case 5 -> {
        redis.refuse(ERRORS.get(random.nextInt(ERRORS.size())));
        after(millis(10, 2_500), () -> redis.refuse(""));
      }
      case 6 -> {
        slowness = random.nextInt(2, 200);
        after(millis(100, 2_000), () -> slowness = 1);
      }
      case 7 -> restart(redis.data());
      case 8 -> {
        PublishSimRedis.Data older = redis.data();
        after(
            millis(50, 1_000),
            () -> {
              lostData = true;
              restart(older);
            });
      }
      default -> {
        lostData = true;
        restart(null);
      }
    }
    counts.merge("trouble " + kind, 1, Integer::sum);
  }

  private void restart(PublishSimRedis.@Nullable Data data) {
    lines.forEach(line -> line.cut(false));
    awayUntil = now + millis(5, 1_500);
    redis.restart(data);
  }

  private void judge() {
    for (PublishSimAttempt attempt : attempts) {
      attempt.judge(redis, lostData, TICK);
      if (attempt.isUnknownButStored(redis)) {
        counts.merge("unknown, but stored", 1, Integer::sum);
      }
    }
  }

  long now() {
    return now;
  }

  void at(long time, Runnable step) {
    events.add(new Event(Math.max(time, now), order++, step));
  }

  void after(long nanos, Runnable step) {
    at(now + nanos, step);
  }

  /** What Redis is asked while it stands still it does afterwards, in order. */
  void whenRedisRuns(Runnable step) {
    if (now < pausedUntil) {
      at(pausedUntil, () -> whenRedisRuns(step));
    } else {
      step.run();
    }
  }

  boolean reachable() {
    return now >= awayUntil;
  }

  long latency() {
    return slowness * random.nextLong(50_000, 2_000_000);
  }

  long millis(int from, int to) {
    return TimeUnit.MILLISECONDS.toNanos(random.nextInt(from, to));
  }

  boolean chance(int of, int outOf) {
    return random.nextInt(outOf) < of;
  }
}
