package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import dev.broadcast.testing.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis is gone for a while and keeps its data: a pause for clients, and nothing else. */
class RedisFaultTest {
  /**
   * The publish deadline is 2 s, which the simulation holds it to; both nodes and twenty publishers
   * share this JVM and its pauses, 0.5 s was seen.
   */
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(3_500);

  /** One second, and some more for a machine that runs other things as well. */
  private static final Duration BACK_WITHIN = Duration.ofSeconds(2);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void killedAndRestartedWithItsDataNothingIsLostAndNobodyIsReset(int shards) throws Exception {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.ALWAYS);
        TestCluster cluster = cluster(redis, shards);
        Clients clients = new Clients(cluster)) {
      List<String> sent = clients.publish("before", 20);
      AtomicBoolean stop = new AtomicBoolean();
      // Given a publisher that never pauses
      CompletableFuture<List<String>> meanwhile =
          CompletableFuture.supplyAsync(
              () -> publishUntil(cluster.node(0), stop::get), Threads.perTask());
      clients.awaitAll(sent);
      for (int i = 0; i < 2; i++) {
        // When Redis is killed
        redis.kill();
        CompletableFuture<Void> other =
            CompletableFuture.runAsync(() -> assertRefused(cluster.node(1)), Threads.perTask());
        assertRefused(cluster.node(0));
        other.get();
        assertEquals(200, cluster.node(0).get("/health/live").status());
        Await.until("unready", () -> !cluster.node(0).ready() && !cluster.node(1).ready());
        // And restarted
        redis.restart();
        // Then publishing is back
        cluster.nodes().forEach(node -> assertBack(node, sent));
      }
      stop.set(true);
      sent.addAll(meanwhile.get());
      clients.awaitAll(sent);
      clients.assertNothingLostDoubledOrReset(sent, true);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void pausedItPublishesNoGhostsAfterwards(int shards) throws Exception {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.ALWAYS);
        TestCluster cluster = cluster(redis, shards);
        Clients clients = new Clients(cluster)) {
      List<String> sent = clients.publish("before", 20);
      redis.pause();
      List<CompletableFuture<Http.Answer>> refused = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        FrontNode node = cluster.node(i);
        Map<String, String> ghost = Map.of("topic", Clients.topic(i), "data", "ghost " + i);
        refused.add(
            CompletableFuture.supplyAsync(() -> node.post("/events", ghost), Threads.perTask()));
      }
      int unknown = 0;
      for (CompletableFuture<Http.Answer> each : refused) {
        Http.Answer answer = each.get();
        assertRefusal(answer);
        unknown += answer.json().path("stored").asText().equals("unknown") ? 1 : 0;
      }
      redis.resume();
      cluster.nodes().forEach(node -> assertBack(node, sent));
      clients.awaitAll(sent);
      clients.assertNothingLostDoubledOrReset(sent, true);
      assertTrue(unknown <= 20);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void pubSubConnectionsKilledAloneLoseNothing(int shards) throws Exception {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.NO);
        TestCluster cluster = cluster(redis, shards);
        Clients clients = new Clients(cluster)) {
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<List<String>> meanwhile =
          CompletableFuture.supplyAsync(
              () -> publishUntil(cluster.node(0), stop::get), Threads.perTask());
      List<String> sent = clients.publish("start", 4);
      for (int i = 0; i < 8; i++) {
        clients.awaitAll(sent);
        assertTrue(redis.killPubSub() >= 2);
        sent.addAll(clients.publish("killed " + i + " ", 20));
      }
      stop.set(true);
      sent.addAll(meanwhile.get());
      clients.awaitAll(sent);
      clients.assertNothingLostDoubledOrReset(sent, false);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whoComesBackWhileRedisIsGoneIsToldToWaitAndMissesNothing(int shards) {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.ALWAYS);
        TestCluster cluster = cluster(redis, shards)) {
      String query = "topic=" + Clients.topic(0) + "&topic=" + Clients.topic(1);
      String cursor;
      try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
        cursor = client.cursor();
      }
      cluster.node(0).publish(Clients.topic(0), "missed");
      redis.kill();
      Await.until("noticed", () -> !cluster.node(1).ready());
      try (OpenStream client = cluster.node(1).listen(query, cursor);
          OpenStream last = cluster.node(1).listen(query + "&history=2")) {
        client.awaitConnected();
        for (OpenStream each : List.of(client, last)) {
          each.await("comment", s -> s.comments().stream().anyMatch(c -> c.contains("backplane")));
        }
        redis.restart();
        Await.until("stored", () -> stored(cluster.node(0), Clients.topic(1), "next"));
        for (OpenStream each : List.of(client, last)) {
          assertEquals(List.of("missed", "next"), each.awaitMessages(2).data());
          assertEquals(List.of(), each.resets());
          assertFalse(each.ended());
        }
      }
    }
  }

  @Test
  void aStreamOnlyWaitsWhileANodeStartsWithoutRedis() {
    int port;
    Path data = directory.resolve("data");
    try (RedisServer redis = RedisServer.start(data, Fsync.ALWAYS)) {
      port = redis.port();
      redis.kill();
      // Given a node that starts while there is no Redis
      try (TestCluster cluster =
          TestCluster.onRedis("redis://127.0.0.1:" + port, "t", 1, List.of("--heartbeat=200ms"))) {
        FrontNode node = cluster.node(0);
        assertEquals(200, node.get("/health/live").status());
        assertEquals(503, node.get("/health/ready").status());
        Http.Answer unread = node.get("/history?topic=t");
        assertEquals(503, unread.status(), unread.text());
        assertNotNull(unread.headers().get("retry-after"));
        try (OpenStream now = node.listen("topic=t");
            OpenStream history = node.listen("topic=t&history=5");
            OpenStream resuming = node.listen("topic=t", "abc.def.0.5")) {
          // Then subscribers are accepted, told why nothing comes, and kept
          for (OpenStream client : List.of(now, history, resuming)) {
            assertEquals(200, client.status());
            client.await(
                "comment", s -> s.comments().stream().anyMatch(c -> c.contains("backplane")));
            client.await("heartbeats", s -> s.comments().size() >= 3);
          }
          assertEquals(503, node.post("/events", Map.of("data", "x")).status());
          // When Redis comes they are served
          redis.restart();
          node.awaitReady(Duration.ofSeconds(10));
          for (OpenStream client : List.of(now, history, resuming)) {
            client.awaitConnected();
          }
          resuming.await("reset", s -> s.resets().size() == 1);
          node.publish("t", "at last");
          for (OpenStream client : List.of(now, history, resuming)) {
            assertEquals(List.of("at last"), client.awaitMessages(1).data());
          }
        }
      }
    }
  }

  private static TestCluster cluster(RedisServer redis, int shards) {
    return TestCluster.onRedis(
        redis.url(), "t", 2, List.of("--shards=" + shards, "--heartbeat=300ms"));
  }

  private static void assertRefused(FrontNode node) {
    assertRefusal(node.post("/events", Map.of("topic", Clients.topic(0), "data", "refused")));
  }

  private static void assertRefusal(Http.Answer answer) {
    assertEquals(503, answer.status(), answer.text());
    assertTrue(answer.took().compareTo(ANSWER_WITHIN) <= 0, answer.took() + " " + answer.text());
    assertFalse(answer.header("Retry-After").isEmpty());
    assertEquals("application/problem+json", answer.header("Content-Type"));
    assertTrue(List.of("no", "unknown").contains(answer.json().path("stored").asText()));
  }

  /** Tries until it is stored, as a client does. */
  private static void assertBack(FrontNode node, List<String> sent) {
    long start = System.nanoTime();
    String data = "back " + start;
    Await.until("stored", () -> stored(node, Clients.topic(0), data));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    sent.add(data);
    assertTrue(took.compareTo(BACK_WITHIN) <= 0, "publishing came back after " + took);
  }

  private static boolean stored(FrontNode node, String topic, String data) {
    return node.post("/events", Map.of("topic", topic, "data", data)).status() == 200;
  }

  /** Publishes one after the other; answers what was acknowledged. */
  private static List<String> publishUntil(FrontNode node, BooleanSupplier stop) {
    List<String> stored = new ArrayList<>();
    for (int i = 0; !stop.getAsBoolean() && i < 20_000; i++) {
      String data = "steady " + i;
      if (stored(node, Clients.topic(i), data)) {
        stored.add(data);
      }
    }
    return stored;
  }
}
