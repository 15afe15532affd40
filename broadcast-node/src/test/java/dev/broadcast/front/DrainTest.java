package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Threads;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that is told to stop says goodbye, and its clients go on elsewhere. */
class DrainTest {
  private static final String LARGE = "x".repeat(500_000);

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void streamsEndWithAJitteredRetryAndClosing(Setup setup) throws Exception {
    try (TestCluster cluster = TestCluster.start(setup, "--drain=3s")) {
      List<OpenStream> clients = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        clients.add(cluster.node(0).listen("topic=t&kind=job").awaitConnected());
      }
      cluster.node(0).publish("t", "last");
      clients.forEach(client -> client.awaitMessages(1));

      long start = System.nanoTime();
      CompletableFuture<Void> stopped = cluster.node(0).stop();

      for (OpenStream client : clients) {
        client.awaitEnd();
        OpenStream.Event closing = client.events().get(client.events().size() - 1);
        assertEquals("closing", closing.type());
        assertEquals("draining", closing.json().path("reason").asText());
        assertEquals(1, client.retries().size());
        assertTrue(client.raw().indexOf("retry: ") < client.raw().indexOf("event: closing"));
        assertTrue(client.raw().endsWith("\n\n"));
      }
      assertTrue(clients.stream().map(c -> c.retries().get(0)).distinct().count() > 5);
      // Paced: they do not come back all at once
      stopped.get(4, TimeUnit.SECONDS);
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(3));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void aStalledClientHoldsItUpNoLongerThanTheDrain(Setup setup) throws Exception {
    try (TestCluster cluster = TestCluster.start(setup, "--drain=2s")) {
      FrontNode node = cluster.node(0);
      OpenStream stalled = node.listen("topic=t", "", 4096).awaitConnected();
      stalled.stall();
      for (int i = 0; i < 12; i++) {
        node.publish("t", LARGE);
      }
      // When it stops while one client takes nothing
      CompletableFuture<Void> stopped = node.stop();
      // Then it is live and not ready
      Await.until("unready", () -> node.get("/health/ready").status() == 503);
      assertEquals(200, node.get("/health/live").status());
      assertFalse(stopped.isDone());
      // And a stream is told to come back, with its cursor, while others get a 503
      try (OpenStream late = node.listen("topic=t", "cursor")) {
        late.awaitEnd();
        assertEquals(200, late.status());
        assertEquals("draining", late.events().get(0).json().path("reason").asText());
        assertEquals("cursor", late.cursor());
        assertEquals(1, late.retries().size());
      }
      try (OpenStream late = OpenStream.of(node.uri(), "topic=t", Map.of("Accept", "*/*"), 0)) {
        assertEquals(503, late.status());
        assertFalse(late.header("Retry-After").isEmpty());
      }
      stopped.get(3, TimeUnit.SECONDS);
      try {
        node.get("/health/live");
        throw new AssertionError("still there");
      } catch (UncheckedIOException gone) {
        assertTrue(true);
      }
      stalled.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REDIS", "REDIS_TWO_SHARDS"})
  void whoIsSentAwayGoesOnAtAnotherNodeWithoutLoss(Setup setup) {
    try (TestCluster cluster = TestCluster.start(setup, "--drain=2s")) {
      List<OpenStream> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(cluster.node(0).listen("topic=a&topic=b").awaitConnected());
      }
      CompletableFuture<Integer> publishing =
          CompletableFuture.supplyAsync(
              () -> {
                for (int i = 0; i < 200; i++) {
                  cluster.node(1).publish(i % 2 == 0 ? "a" : "b", "m" + i);
                }
                return 200;
              },
              Threads.perTask());
      clients.get(0).awaitMessages(20);
      CompletableFuture<Void> stopped = cluster.node(0).stop();
      for (OpenStream client : clients) {
        client.awaitEnd();
        int seen = client.data().size();
        try (OpenStream next = cluster.node(1).listen("topic=a&topic=b", client.cursor())) {
          next.awaitMessages(publishing.join() - seen);
          List<String> all = new ArrayList<>(client.data());
          all.addAll(next.data());
          assertEquals(200, all.size());
          assertEquals(200, all.stream().distinct().count());
          assertEquals(List.of(), next.resets());
        }
      }
      stopped.orTimeout(5, TimeUnit.SECONDS).join();
    }
  }
}
