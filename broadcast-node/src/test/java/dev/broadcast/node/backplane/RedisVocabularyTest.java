package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vocabulary's contract over Redis, by two nodes. */
class RedisVocabularyTest extends VocabularyContractTest {
  @TempDir Path directory;
  private TwoRedisNodes nodes;

  @BeforeEach
  void begin() {
    nodes = new TwoRedisNodes(directory);
  }

  @Override
  Vocabulary vocabulary() {
    return nodes.first().vocabulary();
  }

  @Override
  Vocabulary others() {
    return nodes.second().vocabulary();
  }

  @Test
  void whatRedisLostComesBackWithWhoKnowsIt() throws Exception {
    get(vocabulary().with(Set.of("a")));
    nodes.redis().command("FLUSHALL");
    assertEquals(Set.of("a"), get(vocabulary().with(Set.of("a"))));
    assertEquals(Set.of("a"), get(others().with(Set.of())));
  }

  @Test
  void withoutRedisItSaysSo() {
    get(vocabulary().with(Set.of("a")));
    nodes.redis().kill();
    assertThrows(BackplaneException.class, () -> get(vocabulary().with(Set.of("b"))));
  }

  @AfterEach
  void end() {
    nodes.close();
  }
}
