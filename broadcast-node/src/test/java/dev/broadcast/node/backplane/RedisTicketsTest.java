package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tickets' contract over Redis, by two nodes. */
class RedisTicketsTest extends TicketsContractTest {
  @TempDir Path directory;
  private TwoRedisNodes nodes;

  @BeforeEach
  void begin() {
    nodes = new TwoRedisNodes(directory);
  }

  @Override
  Tickets tickets() {
    return nodes.first().tickets();
  }

  @Override
  Tickets others() {
    return nodes.second().tickets();
  }

  @Test
  void withoutRedisItSaysSoInTime() {
    get(tickets().secret());
    nodes.redis().kill();
    long start = System.nanoTime();
    assertThrows(
        BackplaneException.class, () -> get(tickets().put("a", "b", Duration.ofMinutes(1))));
    assertThrows(BackplaneException.class, () -> get(others().take("a")));
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(6).toNanos());
  }

  @Test
  void aSecretThatRedisLostIsGivenBackByWhoKnowsIt() throws Exception {
    String secret = get(tickets().secret());
    nodes.redis().command("FLUSHALL");
    assertEquals(secret, get(tickets().secret()));
    assertEquals(secret, get(others().secret()));
  }

  @AfterEach
  void end() {
    nodes.close();
  }
}
