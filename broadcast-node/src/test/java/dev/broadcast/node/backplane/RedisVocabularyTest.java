package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vocabulary's contract over Redis, by two nodes. */
class RedisVocabularyTest extends VocabularyContractTest {
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
  Vocabulary vocabulary() {
    return ((RedisBackplane) nodes.get(0).backplane).vocabulary();
  }

  @Override
  Vocabulary others() {
    return ((RedisBackplane) nodes.get(1).backplane).vocabulary();
  }

  @Test
  void whatRedisLostComesBackWithWhoKnowsIt() throws Exception {
    get(vocabulary().with(Set.of("a")));
    redis.command("FLUSHALL");
    assertEquals(Set.of("a"), get(vocabulary().with(Set.of("a"))));
    assertEquals(Set.of("a"), get(others().with(Set.of())));
  }

  @Test
  void withoutRedisItSaysSo() {
    get(vocabulary().with(Set.of("a")));
    redis.kill();
    assertThrows(BackplaneException.class, () -> get(vocabulary().with(Set.of("b"))));
  }

  @AfterEach
  void end() {
    nodes.forEach(TestNode::close);
    redis.close();
  }
}
