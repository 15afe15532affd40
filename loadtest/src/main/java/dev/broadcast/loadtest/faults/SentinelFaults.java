package dev.broadcast.loadtest.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What happens to a master that sentinels watch; its replica takes over, and it comes back. */
final class SentinelFaults {
  private static final Duration SOON = Duration.ofSeconds(20);

  private SentinelFaults() {}

  static List<Fault> all() {
    return List.of(
        behind("sentinel-kill", "SIGKILL of the master", 0, 1_500, SentinelFaults::kill),
        behind(
            "sentinel-lag",
            "SIGKILL of the master, its replica lacks what was acknowledged last",
            300,
            1_500,
            SentinelFaults::lag),
        behind(
            "sentinel-pause",
            "SIGSTOP of the master; SIGCONT when it is none any more",
            0,
            1_500,
            SentinelFaults::pause),
        behind(
            "sentinel-failover",
            "SENTINEL FAILOVER: a living master becomes a replica",
            0,
            0,
            (scene, step) -> failOver(scene)),
        waiting("replicas-kill", "SIGKILL of the master", 0, 1_500, SentinelFaults::kill),
        waiting(
            "replicas-lag",
            "SIGKILL of the master, no replica has what was published last",
            300,
            1_500,
            SentinelFaults::lagUnacknowledged));
  }

  private static Fault behind(String name, String description, int least, int most, Fault.Act act) {
    return new Fault(Shape.SENTINELS, name, description, Loss.TAIL, least, most, act);
  }

  private static Fault waiting(
      String name, String description, int least, int most, Fault.Act act) {
    return new Fault(
        Shape.REPLICAS,
        name,
        description + "; acknowledgements wait for a replica",
        Loss.UNACKNOWLEDGED,
        least,
        most,
        act);
  }

  private static void kill(Scene scene, Step step) throws IOException, InterruptedException {
    Sentinels sentinels = scene.sentinels();
    RedisProcess master = sentinels.master();
    master.kill();
    sentinels.awaitAnotherThan(master);
    scene.last(step);
    master.start();
    sentinels.awaitSettled();
  }

  private static void lag(Scene scene, Step step) throws IOException, InterruptedException {
    leaveBehind(
        scene,
        () -> {
          scene.ledger().awaitAcknowledged(20, SOON);
          scene.last(step);
        });
  }

  private static void lagUnacknowledged(Scene scene, Step step)
      throws IOException, InterruptedException {
    leaveBehind(scene, () -> scene.last(step));
  }

  private interface Meanwhile {
    void pass() throws InterruptedException;
  }

  private static void leaveBehind(Scene scene, Meanwhile meanwhile)
      throws IOException, InterruptedException {
    Sentinels sentinels = scene.sentinels();
    RedisProcess master = sentinels.master();
    List<RedisProcess> replicas = sentinels.replicas(master);
    for (RedisProcess replica : replicas) {
      replica.running().signal("STOP");
    }
    try {
      // What is in a socket on its way to a replica would still arrive.
      master.call("CLIENT", "KILL", "TYPE", "replica");
      meanwhile.pass();
      master.kill();
    } finally {
      for (RedisProcess replica : replicas) {
        replica.running().signal("CONT");
      }
    }
    sentinels.awaitAnotherThan(master);
    master.start();
    sentinels.awaitSettled();
  }

  private static void pause(Scene scene, Step step) throws IOException, InterruptedException {
    Sentinels sentinels = scene.sentinels();
    RedisProcess master = sentinels.master();
    master.running().signal("STOP");
    try {
      sentinels.awaitAnotherThan(master);
      scene.last(step);
    } finally {
      master.running().signal("CONT");
    }
    sentinels.awaitSettled();
  }

  private static void failOver(Scene scene) throws IOException, InterruptedException {
    Sentinels sentinels = scene.sentinels();
    RedisProcess master = sentinels.master();
    sentinels.failOver();
    sentinels.awaitAnotherThan(master);
    sentinels.awaitSettled();
  }
}
