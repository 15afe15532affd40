package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tickets' contract over Redis, by two nodes. */
class RedisTicketsTest extends TicketsContractTest {
  @TempDir Path directory;
  private final List<TestNode> nodes = new ArrayList<>();
  private RedisServer redis;

  @BeforeEach
  void begin() {
    redis = RedisServer.start(directory.resolve("redis"), Fsync.NO);
    for (String id : List.of("n1", "n2")) {
      TestNode node =
          new TestNode(
              hub -> new RedisBackplane(BackplaneSettings.defaults("test", id), redis.url(), hub));
      nodes.add(node);
      assertTrue(node.start());
    }
  }

  @Override
  Tickets tickets() {
    return ((RedisBackplane) nodes.get(0).backplane).tickets();
  }

  @Override
  Tickets others() {
    return ((RedisBackplane) nodes.get(1).backplane).tickets();
  }

  @Test
  void withoutRedisItSaysSoInTime() {
    get(tickets().secret());
    redis.kill();
    long start = System.nanoTime();
    assertThrows(
        BackplaneException.class, () -> get(tickets().put("a", "b", Duration.ofMinutes(1))));
    assertThrows(BackplaneException.class, () -> get(others().take("a")));
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(6).toNanos());
  }

  @Test
  void aSecretThatRedisLostIsGivenBackByWhoKnowsIt() throws Exception {
    String secret = get(tickets().secret());
    redis.command("FLUSHALL");
    assertEquals(secret, get(tickets().secret()));
    assertEquals(secret, get(others().secret()));
  }

  @AfterEach
  void end() {
    nodes.forEach(TestNode::close);
    redis.close();
  }
}
