package dev.broadcast.loadtest.faults;

import static dev.broadcast.loadtest.faults.Fault.harmless;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What happens to the Redis process, its disk and its data. */
final class RedisFaults {
  private static final Duration SOON = Duration.ofSeconds(20);

  private RedisFaults() {}

  static List<Fault> all() {
    return List.of(
        harmless("redis-kill", "SIGKILL, restart; appendfsync always", 0, 3_000, RedisFaults::kill),
        new Fault(
            "redis-kill-everysec",
            "SIGKILL, restart; appendfsync everysec",
            Loss.TAIL,
            0,
            3_000,
            RedisFaults::killEverySecond),
        new Fault(
            "redis-power-cut",
            "as after a power cut with appendfsync everysec: the file lost its last second",
            Loss.TAIL,
            0,
            1_000,
            RedisFaults::powerCut),
        new Fault("redis-empty", "restart without data", Loss.ANY, 0, 1_000, RedisFaults::empty),
        new Fault(
            "redis-older",
            "restart from a copy of its data taken a moment before",
            Loss.TAIL,
            500,
            2_000,
            RedisFaults::older),
        new Fault(
            "redis-much-older",
            "restart from a copy taken before its last restart",
            Loss.PAST,
            500,
            2_000,
            RedisFaults::muchOlder),
        harmless("redis-pause", "SIGSTOP and SIGCONT", 500, 6_000, RedisFaults::pause),
        harmless(
            "redis-disk-full-always",
            "its file cannot grow; appendfsync always, so it exits, and is started again",
            300,
            1_500,
            RedisFaults::diskFullAlways),
        harmless(
            "redis-disk-full-everysec",
            "its file cannot grow; appendfsync everysec, so it refuses writes",
            500,
            3_000,
            RedisFaults::diskFullEverySecond));
  }

  private static void kill(Scene scene, Step step) throws IOException, InterruptedException {
    scene.redis().kill();
    scene.last(step);
    scene.redis().start();
  }

  private static void killEverySecond(Scene scene, Step step)
      throws IOException, InterruptedException {
    scene.redis().call("CONFIG", "SET", "appendfsync", "everysec");
    scene.ledger().awaitAcknowledged(50, SOON);
    kill(scene, step);
  }

  private static void powerCut(Scene scene, Step step) throws IOException, InterruptedException {
    RedisProcess redis = scene.redis();
    redis.call("CONFIG", "SET", "appendfsync", "everysec");
    long before = Files.size(redis.appendOnlyFile());
    Thread.sleep(1_000);
    long written = Files.size(redis.appendOnlyFile()) - before;
    redis.cutPower(before + (long) (step.random().nextDouble() * written));
  }

  private static void empty(Scene scene, Step step) throws IOException, InterruptedException {
    scene.redis().restartEmpty();
  }

  private static void older(Scene scene, Step step) throws IOException, InterruptedException {
    Path copy = scene.redis().copy();
    scene.last(step);
    scene.redis().restartFrom(copy);
    RedisProcess.delete(copy);
  }

  private static void muchOlder(Scene scene, Step step) throws IOException, InterruptedException {
    Path copy = scene.redis().copy();
    scene.redis().restart();
    scene.ledger().awaitAcknowledged(50, SOON);
    scene.last(step);
    scene.redis().restartFrom(copy);
    RedisProcess.delete(copy);
  }

  private static void pause(Scene scene, Step step) throws IOException, InterruptedException {
    scene.redis().running().signal("STOP");
    try {
      scene.last(step);
    } finally {
      scene.redis().running().signal("CONT");
    }
  }

  private static void diskFullAlways(Scene scene, Step step)
      throws IOException, InterruptedException {
    RedisProcess redis = scene.redis();
    redis.limitFiles(Files.size(redis.appendOnlyFile()) + step.random().nextInt(50_000));
    if (redis.running().exit(SOON).isEmpty()) {
      throw new IOException("Redis lives on with a full disk and appendfsync always");
    }
    scene.last(step);
    redis.start();
  }

  private static void diskFullEverySecond(Scene scene, Step step)
      throws IOException, InterruptedException {
    RedisProcess redis = scene.redis();
    redis.call("CONFIG", "SET", "appendfsync", "everysec");
    redis.limitFiles(Files.size(redis.appendOnlyFile()) + step.random().nextInt(50_000));
    scene.last(step);
    redis.limitFiles(-1);
    scene.ledger().awaitAcknowledged(20, SOON);
    redis.call("CONFIG", "SET", "appendfsync", "always");
  }
}
