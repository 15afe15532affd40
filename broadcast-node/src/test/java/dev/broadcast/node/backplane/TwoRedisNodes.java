package dev.broadcast.node.backplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Two started nodes, and the Redis that they share. */
final class TwoRedisNodes implements AutoCloseable {
  private final RedisServer redis;
  private final List<TestNode> nodes = new ArrayList<>();

  TwoRedisNodes(Path directory) {
    redis = RedisServer.start(directory.resolve("redis"), Fsync.NO);
    for (String id : List.of("n1", "n2")) {
      TestNode node =
          new TestNode(
              hub -> new RedisBackplane(BackplaneSettings.defaults("test", id), redis.url(), hub));
      nodes.add(node);
      assertTrue(node.start());
    }
  }

  RedisServer redis() {
    return redis;
  }

  RedisBackplane first() {
    return (RedisBackplane) nodes.get(0).backplane;
  }

  RedisBackplane second() {
    return (RedisBackplane) nodes.get(1).backplane;
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::close);
    redis.close();
  }
}
