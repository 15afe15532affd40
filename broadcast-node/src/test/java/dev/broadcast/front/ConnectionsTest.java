package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import dev.broadcast.testing.TcpProxy;
import dev.broadcast.testing.TestRedis;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who listens, over all nodes. */
class ConnectionsTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters();

  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "kind",
          "node",
          "state",
          "topics",
          "metadata",
          "created_at",
          "last_activity",
          "message_count",
          "lag");

  private static List<JsonNode> list(FrontNode node, String query) {
    Http.Answer answer = node.get("/connections?" + query);
    assertEquals(200, answer.status(), answer::text);
    List<JsonNode> all = new ArrayList<>();
    answer.json().path("connections").forEach(all::add);
    return all;
  }

  private static Http.Answer delete(FrontNode node, String target) {
    return node.call("DELETE", target, "");
  }

  private static String id(OpenStream stream) {
    return stream.connected().path("connection_id").asText();
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void aConnectionIsShownAsItIsFromEveryNode(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("seen");
    Instant before = Instant.now().minusSeconds(1);
    try (OpenStream one =
        cluster.node(1).listen("topic=" + topic + "&topic=b&kind=user&meta.name=a%20%22b")) {
      String id = id(one);
      cluster.node(0).publish(topic, "1");
      cluster.node(0).publish("b", "2");
      one.awaitMessages(2);
      for (FrontNode node : cluster.nodes()) {
        List<JsonNode> found = list(node, "topic=" + topic);
        assertEquals(1, found.size());
        JsonNode c = found.get(0);
        Set<String> fields = new HashSet<>();
        c.fieldNames().forEachRemaining(fields::add);
        assertEquals(FIELDS, fields);
        assertEquals(id, c.path("id").asText());
        assertEquals("user", c.path("kind").asText());
        assertEquals(one.connected().path("node").asText(), c.path("node").asText());
        assertEquals("connected", c.path("state").asText());
        assertEquals("[\"" + topic + "\",\"b\"]", c.path("topics").toString());
        assertEquals("a \"b", c.path("metadata").path("name").asText());
        assertEquals(2, c.path("message_count").asInt());
        Instant created = Instant.parse(c.path("created_at").asText());
        Instant active = Instant.parse(c.path("last_activity").asText());
        assertTrue(created.isAfter(before) && !active.isBefore(created), c::toString);
        assertEquals(c.path("id"), node.get("/connections/" + id).json().path("id"));
        assertEquals(404, node.get("/connections/nobody").status());
        assertEquals(List.of(), list(node, "kind=nobody"));
        assertEquals(1, list(node, "kind=user&active=true&topic=" + topic).size());
      }
    }
    Await.until("gone", () -> list(cluster.node(0), "topic=" + topic).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void pagesShowEverybodyOnce(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("pages");
    List<OpenStream> streams = new ArrayList<>();
    Set<String> ids = new TreeSet<>();
    try {
      for (int i = 0; i < 23; i++) {
        streams.add(cluster.node(i).listen("topic=" + topic));
      }
      streams.forEach(stream -> ids.add(id(stream)));
      Set<String> seen = new LinkedHashSet<>();
      String cursor = "";
      int pages = 0;
      do {
        Http.Answer answer =
            cluster
                .node(pages)
                .get(
                    "/connections?limit=5&topic="
                        + topic
                        + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
        JsonNode page = answer.json();
        assertTrue(page.path("connections").size() <= 5, answer::text);
        assertEquals(
            page.has("next"),
            page.path("connections").size() == 5 && seen.size() < 18,
            answer::text);
        page.path("connections")
            .forEach(c -> assertTrue(seen.add(c.path("id").asText()), "twice: " + c));
        cursor = page.path("next").asText();
        if (++pages == 2) {
          // Who comes and goes between two pages hides nobody else
          streams.get(0).close();
          streams.add(cluster.node(0).listen("topic=" + topic).awaitConnected());
        }
      } while (!cursor.isEmpty() && pages < 20);
      Set<String> missing = new TreeSet<>(ids);
      missing.removeAll(seen);
      assertTrue(missing.size() <= 1, missing::toString);
    } finally {
      streams.forEach(OpenStream::close);
    }
    assertEquals(400, cluster.node(0).get("/connections?cursor=nonsense").status());
    assertEquals(400, cluster.node(0).get("/connections?limit=0").status());
    assertEquals(400, cluster.node(0).get("/connections?limit=1001").status());
    assertEquals(400, cluster.node(0).get("/connections?sort=x").status());
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void statisticsAndTopicsCountTheCluster(Setup setup) {
    try (TestCluster cluster = TestCluster.start(setup)) {
      assertEquals(
          "{\"total\":0,\"active\":0,\"by_type\":{},\"message_count\":0}",
          cluster.node(0).get("/connections/stats").text());
      List<OpenStream> streams = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        streams.add(cluster.node(i).listen("topic=x&topic=y&kind=user").awaitConnected());
      }
      streams.add(cluster.node(1).listen("topic=x&kind=job&type=update").awaitConnected());
      cluster.node(0).publish("x", "delete", "1");
      cluster.node(0).publish("y", "2");
      streams.subList(0, 3).forEach(s -> s.awaitMessages(2));
      for (FrontNode node : cluster.nodes()) {
        assertEquals(
            "{\"total\":4,\"active\":4,\"by_type\":{\"job\":1,\"user\":3},\"message_count\":6}",
            node.get("/connections/stats").text());
        assertEquals(
            "{\"topics\":[{\"topic\":\"x\",\"connections\":4},{\"topic\":\"y\",\"connections\":3}]}",
            node.get("/topics").text());
        assertEquals(
            "{\"topics\":[{\"topic\":\"x\",\"connections\":4}],\"next\":\"x\"}",
            node.get("/topics?limit=1").text());
        assertEquals(
            "{\"topics\":[{\"topic\":\"y\",\"connections\":3}]}",
            node.get("/topics?limit=1&cursor=x").text());
      }
      streams.remove(3).close();
      Await.until(
          "a kind without connections vanishes",
          () -> !cluster.node(0).get("/connections/stats").text().contains("job"));
      streams.forEach(OpenStream::close);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void anEventGoesToOneConnectionWhereverItIs(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("one");
    try (OpenStream one = cluster.node(1).listen("topic=" + topic + "&type=never&id=it/1");
        OpenStream whole = cluster.node(1).listen("format=message&topic=" + topic);
        OpenStream other = cluster.node(1).listen("topic=" + topic).awaitConnected()) {
      one.awaitConnected();
      String cursor = one.cursor();
      Http.Answer sent =
          cluster
              .node(0)
              .post("/connections/it%2F1/events", Map.of("type", "custom", "data", "a\nb"));
      assertEquals(200, sent.status(), sent::text);
      assertEquals("sent", sent.json().path("status").asText());
      one.awaitMessages(1);
      assertEquals("custom", one.messages().get(0).type());
      assertEquals("a\nb", one.messages().get(0).data());
      assertEquals(cursor, one.cursor());
      cluster.node(0).post("/connections/" + id(whole) + "/events", Map.of("data", Map.of("n", 1)));
      JsonNode message = whole.awaitMessages(1).messages().get(0).json();
      assertEquals(1, message.path("data").path("n").asInt());
      assertTrue(message.has("timestamp") && !message.has("id") && !message.has("topic"));
      cluster.node(0).publish(topic, "end");
      other.awaitMessages(1);
      assertEquals(List.of("end"), other.data());
      assertEquals(
          404, cluster.node(0).post("/connections/nobody/events", Map.of("data", 1)).status());
      for (Map<String, ?> wrong :
          List.<Map<String, ?>>of(
              Map.of(),
              Map.of("data", 1, "to", List.of("x")),
              Map.of("data", 1, "topic", "x"),
              Map.of("data", 1, "type", "closing"),
              Map.of("data", 1, "id", "x"))) {
        assertEquals(
            400, cluster.node(0).post("/connections/" + id(other) + "/events", wrong).status());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void closingTellsTheClientAndIsDoneOnAllNodes(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("close");
    try (OpenStream one = cluster.node(1).listen("topic=" + topic);
        OpenStream user = cluster.node(1).listen("topic=" + topic + "&kind=user");
        OpenStream rest = cluster.node(0).listen("topic=" + topic)) {
      String id = id(one);
      id(user);
      id(rest);
      assertEquals(204, delete(cluster.node(0), "/connections/" + id).status());
      one.awaitEnd();
      assertEquals("{\"reason\":\"closed\"}", one.ofType("closing").get(0).data());
      assertEquals(404, delete(cluster.node(0), "/connections/" + id).status());
      assertEquals(
          "{\"closed\":1}",
          delete(cluster.node(0), "/connections?kind=user&topic=" + topic).text());
      user.awaitEnd();
      assertFalse(rest.ended());
      assertEquals("{\"closed\":1}", delete(cluster.node(1), "/connections?topic=" + topic).text());
      rest.awaitEnd();
    }
  }

  @Test
  void aSilentNodeIsNamed() throws Exception {
    URI redis = URI.create(TestRedis.url());
    String prefix = TestRedis.freshPrefix();
    try (TestCluster cluster = TestCluster.onRedis(redis.toString(), prefix, 1, List.of());
        TcpProxy way = new TcpProxy(redis.getHost(), redis.getPort());
        FrontNode far =
            FrontNode.start(
                List.of(
                    "--redis-url=redis://127.0.0.1:" + way.port(),
                    "--prefix=" + prefix,
                    "--node-id=far",
                    "--drain=0s"))) {
      FrontNode near = cluster.node(0);
      Await.until("two nodes", () -> near.status().path("nodes").asInt() == 2);
      try (OpenStream one = near.listen("").awaitConnected()) {
        way.vanish();
        JsonNode page = near.get("/connections").json();
        assertEquals("[\"far\"]", page.path("missing").toString());
        assertEquals(1, page.path("connections").size());
        assertEquals(200, near.get("/connections/" + id(one)).status());
        assertEquals(503, near.get("/connections/nobody").status());
        assertEquals("[\"far\"]", near.get("/topics").json().path("missing").toString());
        assertFalse(far.fatal().size() > 0);
      }
    }
  }

  @Test
  void aClientThatComesBackIsReconnectingUntilItHasAll() {
    try (TestCluster cluster = TestCluster.start(Setup.ALONE)) {
      FrontNode node = cluster.node(0);
      String first = node.publish("t", "first");
      String big = "x".repeat(60_000);
      for (int i = 0; i < 200; i++) {
        node.publish("t", big);
      }
      try (OpenStream slow =
          OpenStream.of(
              node.uri(),
              "topic=t",
              Map.of("Last-Event-ID", first, "Accept", "text/event-stream"),
              4096)) {
        slow.stall();
        Await.until(
            "reconnecting",
            () ->
                list(node, "").stream()
                    .anyMatch(c -> c.path("state").asText().equals("reconnecting")));
        slow.readAgain();
        slow.awaitMessages(200);
        Await.until(
            "connected", () -> list(node, "").get(0).path("state").asText().equals("connected"));
        assertEquals(200, list(node, "").get(0).path("message_count").asInt());
      }
    }
  }
}
