package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.e2e.FakeNode.Bug;
import dev.broadcast.testing.Http;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite can fail: each kind of fault lands in its own figure, and no fault in none. */
class SuiteTest {

  private static final List<String> TOPICS = List.of("a", "b");

  @ParameterizedTest
  @EnumSource(Bug.class)
  void countsEachKindOfFaultInItsOwnFigure(Bug bug) throws IOException {
    try (var node = new FakeNode(bug)) {
      Judge.Verdict verdict = run(node, bug);

      assertEquals(bug == Bug.LOSES, verdict.lost() > 0, verdict.toString());
      assertEquals(bug == Bug.DOUBLES, verdict.duplicated() > 0, verdict.toString());
      assertEquals(bug == Bug.SWAPS, verdict.reordered() > 0, verdict.toString());
      assertEquals(bug == Bug.RESETS, verdict.resets() > 0, verdict.toString());
      assertEquals(bug == Bug.RENAMES, verdict.ghosts() > 0, verdict.toString());
      if (bug == Bug.NONE) {
        verdict.assertClean();
      } else {
        assertThrows(AssertionError.class, verdict::assertClean);
        assertTrue(verdict.paths().get(0).contains("m-"), "names a message: " + verdict);
      }
    }
  }

  @Test
  void noticesClientsThatDisagreeOnTheOrderOfDifferentPublishers() {
    var order = new CommonOrder();
    order.add(List.of("a", "b", "c", "d"));
    order.add(List.of("a", "c", "b", "d"));
    assertEquals(Set.of("b", "c"), order.disputed());

    var agreed = new CommonOrder();
    agreed.add(List.of("a", "c", "d"));
    agreed.add(List.of("b", "c"));
    assertEquals(Set.of(), agreed.disputed());
  }

  private static Judge.Verdict run(FakeNode node, Bug bug) {
    var ledger = new Ledger();
    List<URI> nodes = List.of(node.uri());
    var listeners = new ArrayList<Listener>();
    try {
      for (int i = 0; i < 4; i++) {
        String[] topics = i == 0 ? new String[] {"a", "b"} : new String[] {TOPICS.get(i % 2)};
        SseClient client = Subscription.to(nodes, "c" + i, topics).start();
        listeners.add(Listener.toAll(client.awaitConnected(), topics));
      }
      var http = new Http("");
      var traffic = new Traffic(TOPICS, Duration.ofMillis(1));
      traffic.start(new Publisher("p1", nodes, 0, http, ledger), 1);
      traffic.start(new Publisher("p2", nodes, 0, http, ledger), 2);
      ledger.awaitProgress(50, Duration.ofSeconds(10));
      if (bug == Bug.NONE) {
        listeners.get(0).client().cut();
      }
      ledger.awaitProgress(100, Duration.ofSeconds(10));
      traffic.stop();
      Duration within = Duration.ofMillis(bug == Bug.LOSES ? 500 : 10_000);
      return Judge.judge(ledger, listeners, within);
    } finally {
      listeners.forEach(listener -> listener.client().close());
    }
  }
}
