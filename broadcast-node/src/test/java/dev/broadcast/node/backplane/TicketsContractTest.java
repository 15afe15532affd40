package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What tickets promise, wherever they are kept. */
abstract class TicketsContractTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** Of a node that can reach its backplane. */
  abstract Tickets tickets();

  /** Of another node of the same cluster, or of the same one. */
  abstract Tickets others();

  @Test
  void aTicketIsTakenOnceWhoeverAsks() {
    Tickets here = tickets();
    Tickets there = others();
    get(here.put("a", "good for a", LONG));
    get(here.put("b", "good for b", LONG));
    List<CompletableFuture<Optional<String>>> asked =
        IntStream.range(0, 20).mapToObj(i -> (i % 2 == 0 ? there : here).take("a")).toList();
    assertEquals(
        List.of("good for a"),
        asked.stream().map(TestNode::get).flatMap(Optional::stream).toList());
    assertEquals(Optional.of("good for b"), get(here.take("b")));
    assertEquals(Optional.empty(), get(there.take("b")));
    assertEquals(Optional.empty(), get(there.take("never sold")));
  }

  @Test
  void aTicketEndsWithItsLife() {
    Tickets here = tickets();
    get(here.put("short", "x", Duration.ofMillis(300)));
    get(here.put("long", "y", LONG));
    long end = System.nanoTime() + Duration.ofMillis(400).toNanos();
    await().until(() -> System.nanoTime() - end > 0);
    assertEquals(Optional.empty(), get(here.take("short")));
    assertEquals(Optional.of("y"), get(here.take("long")));
  }

  @Test
  void theSecretIsOneForAllNodes() {
    String secret = get(tickets().secret());
    assertTrue(secret.matches("[A-Za-z0-9_-]{43}"), "256 bits");
    assertEquals(secret, get(others().secret()));
    assertEquals(secret, get(tickets().secret()));
  }
}
