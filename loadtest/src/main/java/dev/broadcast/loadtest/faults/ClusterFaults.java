package dev.broadcast.loadtest.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What happens to a Redis Cluster: to the master of one shard, and to slots. */
final class ClusterFaults {
  private static final Duration SOON = Duration.ofSeconds(20);

  private ClusterFaults() {}

  static List<Fault> all() {
    return List.of(
        behind("cluster-kill", "SIGKILL of a shard's master", 0, 1_500, ClusterFaults::kill),
        behind(
            "cluster-lag",
            "SIGKILL of a shard's master, its replica lacks what was acknowledged last",
            300,
            1_500,
            ClusterFaults::lag),
        behind(
            "cluster-pause",
            "SIGSTOP of a shard's master; SIGCONT when it is none any more",
            0,
            1_500,
            ClusterFaults::pause),
        new Fault(
            Shape.CLUSTER,
            "cluster-failover",
            "CLUSTER FAILOVER: a shard's living master and its replica change places",
            Loss.NONE,
            0,
            0,
            ClusterFaults::failOver),
        new Fault(
            Shape.CLUSTER,
            "cluster-move-slot",
            "a shard's slot moves to another master, key by key",
            Loss.NONE,
            0,
            2_000,
            ClusterFaults::moveSlot),
        new Fault(
            Shape.CLUSTER,
            "cluster-move-back",
            "a shard's slot moves to another master and back at once",
            Loss.NONE,
            0,
            500,
            ClusterFaults::moveThereAndBack));
  }

  private static Fault behind(String name, String description, int least, int most, Fault.Act act) {
    return new Fault(Shape.CLUSTER, name, description, Loss.TAIL, least, most, act);
  }

  private static String shard(Scene scene, Step step) throws IOException {
    return scene.cluster().stateOf(step.random().nextInt(scene.shards()));
  }

  private static void kill(Scene scene, Step step) throws IOException, InterruptedException {
    Cluster cluster = scene.cluster();
    RedisProcess master = cluster.masterOf(shard(scene, step));
    RedisProcess replica = cluster.replicaOf(master);
    master.kill();
    cluster.awaitMaster(replica, master);
    scene.last(step);
    master.start();
    cluster.awaitSettled();
  }

  private static void lag(Scene scene, Step step) throws IOException, InterruptedException {
    Cluster cluster = scene.cluster();
    RedisProcess master = cluster.masterOf(shard(scene, step));
    RedisProcess replica = cluster.replicaOf(master);
    // A replica that is paused could not be promoted; one that is not let in can.
    replica.call("CONFIG", "SET", "masteruser", "nobody");
    replica.call("CONFIG", "SET", "masterauth", "wrong");
    master.call("CLIENT", "KILL", "TYPE", "replica");
    scene.ledger().awaitAcknowledged(20, SOON);
    scene.last(step);
    master.kill();
    replica.call("CONFIG", "SET", "masteruser", "");
    replica.call("CONFIG", "SET", "masterauth", "");
    cluster.awaitMaster(replica, master);
    master.start();
    cluster.awaitSettled();
  }

  private static void pause(Scene scene, Step step) throws IOException, InterruptedException {
    Cluster cluster = scene.cluster();
    RedisProcess master = cluster.masterOf(shard(scene, step));
    RedisProcess replica = cluster.replicaOf(master);
    master.running().signal("STOP");
    try {
      cluster.awaitMaster(replica, master);
      scene.last(step);
    } finally {
      master.running().signal("CONT");
    }
    cluster.awaitSettled();
  }

  private static void failOver(Scene scene, Step step) throws IOException, InterruptedException {
    Cluster cluster = scene.cluster();
    RedisProcess master = cluster.masterOf(shard(scene, step));
    RedisProcess replica = cluster.replicaOf(master);
    replica.call("CLUSTER", "FAILOVER");
    cluster.awaitMaster(replica, master);
    cluster.awaitSettled();
  }

  private static void moveSlot(Scene scene, Step step) throws IOException, InterruptedException {
    Cluster cluster = scene.cluster();
    String state = shard(scene, step);
    RedisProcess from = cluster.masterOf(state);
    RedisProcess to = cluster.anotherMaster(from, step.random().nextInt(8));
    move(scene, state, from, to, step.lengthMillis());
  }

  private static void moveThereAndBack(Scene scene, Step step)
      throws IOException, InterruptedException {
    Cluster cluster = scene.cluster();
    String state = shard(scene, step);
    RedisProcess from = cluster.masterOf(state);
    RedisProcess to = cluster.anotherMaster(from, step.random().nextInt(8));
    move(scene, state, from, to, step.lengthMillis());
    move(scene, state, to, from, step.lengthMillis());
  }

  /** The time goes by between the keys: publishes and reads meet a slot that is in two places. */
  private static void move(Scene scene, String key, RedisProcess from, RedisProcess to, int millis)
      throws IOException, InterruptedException {
    Cluster cluster = scene.cluster();
    String slot = cluster.beginMove(key, from, to);
    while (cluster.moveOne(slot, from, to)) {
      Thread.sleep(millis / 10);
    }
    cluster.endMove(slot, from, to);
  }
}
