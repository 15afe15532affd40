package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.TcpProxy;
import dev.broadcast.testing.TestRedis;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection id belongs to one stream of the cluster; who comes back with a cursor takes it. */
class ConnectionIdTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters();

  @ParameterizedTest
  @EnumSource
  void aSecondStreamWithoutACursorIsRefusedWhileTheFirstLives(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String id = TestCluster.topic("id");
    String query = "topic=t&id=" + id;
    try (OpenStream first = cluster.node(0).listen(query).awaitConnected()) {
      for (FrontNode node : cluster.nodes()) {
        try (OpenStream second = node.listen(query)) {
          assertEquals(409, second.status());
          assertEquals("application/problem+json", second.header("Content-Type"));
          second.awaitEnd();
        }
      }
      assertFalse(first.ended());
    }
    // And when it has ended the id is free again, on every node
    Await.until("id free", () -> statusOf(cluster.node(1), query) == 200);
  }

  private static int statusOf(FrontNode node, String query) {
    try (OpenStream stream = node.listen(query)) {
      return stream.status();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoComesBackWithACursorTakesItOverAndTheOldStreamIsClosed(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("takeover");
    String query = "topic=" + topic + "&id=" + topic;
    OpenStream current = cluster.node(0).listen(query).awaitConnected();
    for (int i = 0; i < 12; i++) {
      // When it comes back, to the same node or another, while its old stream seems alive
      OpenStream next = cluster.node(i / 2).listen(query, current.cursor());
      // Then that is closed, saying why, and its client stays away longer than usual
      current.awaitEnd();
      assertEquals("replaced", current.ofType("closing").get(0).json().path("reason").asText());
      assertTrue(current.retries().get(0) >= 5_000);
      assertEquals(200, next.status());
      cluster.node(i).publish(Map.of("topic", topic, "data", "m" + i, "to", List.of(topic)));
      assertEquals(List.of("m" + i), next.awaitMessages(1).data());
      current = next;
    }
    current.close();
  }

  @ParameterizedTest
  @EnumSource
  void aMadeIdIsTakenOverAlike(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("made");
    try (OpenStream first = cluster.node(0).listen("topic=" + topic).awaitConnected();
        OpenStream second = cluster.node(1).listen("topic=" + topic, first.cursor())) {
      assertEquals(
          first.connected().path("connection_id"), second.connected().path("connection_id"));
      first.awaitEnd();
      assertEquals("replaced", first.ofType("closing").get(0).json().path("reason").asText());
      cluster.node(0).publish(topic, "on");
      assertEquals(List.of("on"), second.awaitMessages(1).data());
      assertFalse(second.ended());
    }
  }

  @Test
  void nobodyTakesOverWithAnotherKey() {
    try (TestCluster cluster =
        TestCluster.start(Setup.REDIS, "--subscribe-key=reader", "--admin-key=secret")) {
      String query = "topic=t&id=mine";
      try (OpenStream first = as("reader", cluster.node(0), query, "").awaitConnected()) {
        try (OpenStream thief = as("secret", cluster.node(1), query, first.cursor())) {
          assertEquals(409, thief.status());
        }
        assertFalse(first.ended());
        try (OpenStream self = as("reader", cluster.node(1), query, first.cursor())) {
          assertEquals(200, self.status());
          first.awaitEnd();
        }
      }
    }
  }

  private static OpenStream as(String key, FrontNode node, String query, String cursor) {
    Map<String, String> headers =
        Map.of(
            "Accept",
            "text/event-stream",
            "Authorization",
            "Bearer " + key,
            "Last-Event-ID",
            cursor);
    return OpenStream.of(node.uri(), query, headers, 0);
  }

  @Test
  void aDeadNodesIdsAreFree() throws Exception {
    String prefix = TestRedis.freshPrefix();
    URI redis = URI.create(TestRedis.url());
    try (TcpProxy proxy = new TcpProxy(redis.getHost(), redis.getPort());
        TestCluster doomed =
            TestCluster.onRedis("redis://127.0.0.1:" + proxy.port(), prefix, 1, List.of());
        TestCluster others = TestCluster.onRedis(TestRedis.url(), prefix, 1, List.of())) {
      try (OpenStream held = doomed.node(0).listen("topic=t&id=held").awaitConnected()) {
        assertEquals(409, statusOf(others.node(0), "topic=t&id=held"));
        assertFalse(held.ended());
        // When the node that holds the id vanishes without a word, as if killed
        proxy.vanish();
        // Then its ids are free once its lease has run out
        Await.until(
            "id free",
            Duration.ofSeconds(10),
            () -> statusOf(others.node(0), "topic=t&id=held") == 200);
      }
    }
  }
}
