package dev.broadcast.node.backplane;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.PublishOutcome.Stored;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A Redis of a test's own, to do with as it likes, and nodes on it. */
abstract class OwnRedis {
  @TempDir Path directory;
  RedisServer redis;
  final List<TestNode> nodes = new ArrayList<>();

  @BeforeEach
  void startRedis() {
    redis = RedisServer.start(directory.resolve("redis"), Fsync.ALWAYS);
  }

  @AfterEach
  void end() {
    nodes.forEach(TestNode::close);
    redis.close();
  }

  final TestNode node(String url, BackplaneSettings settings) {
    var node = new TestNode(hub -> new RedisBackplane(settings, url, hub));
    nodes.add(node);
    return node;
  }

  final TestNode node() {
    return node(redis.url(), settings());
  }

  final TestNode started() {
    TestNode node = node();
    assertTrue(node.start());
    return node;
  }

  static BackplaneSettings settings() {
    return BackplaneSettings.defaults("test", "n1");
  }

  static void awaitReady(TestNode node) {
    await().atMost(Duration.ofSeconds(10)).until(() -> node.backplane.health().ready());
  }

  static Stored publishUntilStored(TestNode node, String payload) {
    return await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> node.outcome("t", payload, null, null), Stored.class::isInstance)
            instanceof Stored stored
        ? stored
        : null;
  }
}
