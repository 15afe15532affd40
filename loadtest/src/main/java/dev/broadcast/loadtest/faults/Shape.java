package dev.broadcast.loadtest.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What Redis a scene has. */
enum Shape {
  /** One, behind a {@link Proxy} for each node. */
  SERVER("one Redis", 1) {
    @Override
    Store start(Path work) throws IOException {
      return new RedisProcess(work, "redis", List.of());
    }
  },

  /** A master, a replica, three sentinels. */
  SENTINELS("a Redis and its replica under three sentinels", 1) {
    @Override
    Store start(Path work) throws IOException, InterruptedException {
      return Sentinels.start(work, 1, List.of());
    }
  },

  /** Another replica, and an acknowledgement waits for one of them. */
  REPLICAS("a Redis and two replicas under three sentinels, --redis-wait-replicas 1", 1) {
    @Override
    Store start(Path work) throws IOException, InterruptedException {
      return Sentinels.start(work, 2, List.of("--redis-wait-replicas", "1"));
    }
  },

  /** Three masters, each with a replica; a shard on each master. */
  CLUSTER("a Redis Cluster of three masters and three replicas, three shards", 3) {
    @Override
    Store start(Path work) throws IOException, InterruptedException {
      return Cluster.start(work, shards());
    }
  };

  private final String description;
  private final int shards;

  Shape(String description, int shards) {
    this.description = description;
    this.shards = shards;
  }

  String description() {
    return description;
  }

  /** Over how many topics are spread; all that one holds have one order. */
  int shards() {
    return shards;
  }

  /** Starts it; returns once nodes may come. */
  abstract Store start(Path work) throws IOException, InterruptedException;
}
