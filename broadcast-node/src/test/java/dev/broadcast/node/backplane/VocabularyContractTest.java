package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every vocabulary promises to two nodes, which may be the same. */
abstract class VocabularyContractTest {
  abstract Vocabulary vocabulary();

  abstract Vocabulary others();

  @Test
  void beginsEmptyAndKeepsWhatIsRegistered() {
    assertEquals(Set.of(), get(vocabulary().with(Set.of())));
    assertEquals(Set.of("a"), get(vocabulary().with(Set.of("a"))));
    assertEquals(Set.of("a", "ö b"), get(others().with(Set.of("ö b", "a"))));
    assertEquals(Set.of("a", "ö b"), get(vocabulary().with(Set.of())));
  }

  @Test
  void takesManyAtOnce() {
    Set<String> many =
        IntStream.range(0, 2500).mapToObj(i -> "type-" + i).collect(Collectors.toSet());
    get(vocabulary().with(many));
    assertEquals(new TreeSet<>(many), new TreeSet<>(get(others().with(Set.of()))));
  }
}
