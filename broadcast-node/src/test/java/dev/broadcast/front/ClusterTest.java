package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What publishers and operators are told is about the whole cluster. */
class ClusterTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters();

  @ParameterizedTest
  @EnumSource
  void sendAnswersWithTheClientsOfTheWholeCluster(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<OpenStream> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(cluster.node(i).listen("").awaitConnected());
    }
    clients.add(cluster.node(0).listen("topic=" + TestCluster.topic("else")).awaitConnected());
    clients.add(cluster.node(1).listen("type=delete").awaitConnected());
    try {
      for (FrontNode node : cluster.nodes()) {
        Http.Answer answer =
            node.post("/send", Map.of("message", Map.of("n", 1), "event", "update"));
        assertEquals(200, answer.status());
        assertEquals("{\"status\":\"sent\",\"clients\":5,\"message\":{\"n\":1}}", answer.text());
      }
      for (OpenStream client : clients.subList(0, 5)) {
        client.awaitMessages(cluster.nodes().size());
        assertEquals("update", client.messages().get(0).type());
        assertEquals("{\"n\":1}", client.data().get(0));
      }
    } finally {
      clients.forEach(OpenStream::close);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReceiptSaysOnHowManyConnectionsOfHowManyNodesItWasPut(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("receipt");
    try (OpenStream a = cluster.node(0).listen("topic=" + topic).awaitConnected();
        OpenStream b = cluster.node(1).listen("topic=" + topic).awaitConnected();
        OpenStream c = cluster.node(1).listen("type=x&topic=" + topic).awaitConnected()) {
      JsonNode answer =
          cluster.node(0).post("/events?receipt=1s", Map.of("topic", topic, "data", "")).json();
      assertEquals(2, answer.path("clients").asInt(), answer::toString);
      assertEquals(cluster.nodes().size(), answer.path("nodes").asInt());
      assertTrue(answer.path("complete").asBoolean());
      String idB = b.connected().path("connection_id").asText();
      JsonNode addressed =
          cluster
              .node(0)
              .post(
                  "/events?receipt=1s",
                  Map.of("topic", topic, "data", "", "to", List.of(idB, "nobody")))
              .json();
      assertEquals(1, addressed.path("clients").asInt(), addressed::toString);
      assertEquals(List.of(), c.data());
      a.awaitMessages(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void statusCountsTheClusterAndTheNode(Setup setup) {
    try (TestCluster cluster = TestCluster.start(setup)) {
      List<OpenStream> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(cluster.node(0).listen("topic=t").awaitConnected());
      }
      clients.add(cluster.node(1).listen("topic=t").awaitConnected());
      for (FrontNode node : cluster.nodes()) {
        JsonNode status = node.status();
        assertEquals(4, status.path("connected_clients").asInt(), status::toString);
        assertEquals(cluster.nodes().size(), status.path("nodes").asInt());
        assertEquals(0, status.path("missing").size());
      }
      int local = cluster.nodes().size() == 1 ? 4 : 3;
      assertEquals(local, cluster.node(0).status().path("node").path("connected_clients").asInt());
      clients.forEach(OpenStream::close);
      Await.until(
          "nobody counted",
          () -> cluster.node(1).status().path("connected_clients").asInt(-1) == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void historyIsTheLastNOrTheFirstNAfterACursor(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("history");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      ids.add(cluster.node(i).publish(topic, "m" + i));
      cluster.node(i).publish(TestCluster.topic("between"), "x");
    }
    for (FrontNode node : cluster.nodes()) {
      assertEquals(
          List.of("m0", "m1", "m2", "m3", "m4", "m5", "m6"), node.history("topic=" + topic));
      assertEquals(List.of("m5", "m6"), node.history("limit=2&topic=" + topic));
      String after = "after=" + ids.get(2) + "&topic=" + topic;
      assertEquals(List.of("m3", "m4", "m5", "m6"), node.history(after));
      assertEquals(List.of("m3", "m4"), node.history("limit=2&" + after));
      assertEquals(List.of(), node.history("after=" + ids.get(6) + "&topic=" + topic));
      JsonNode first = node.get("/history?topic=" + topic).json().path("messages").path(0);
      assertEquals(ids.get(0), first.path("id").asText());
      assertEquals(400, node.get("/history?after=nonsense&topic=" + topic).status());
      assertEquals(List.of(), node.history("topic=" + TestCluster.topic("never")));
    }
    // The cursor of a stream over several topics is one as well
    try (OpenStream client =
        cluster.node(0).listen("topic=" + topic + "&topic=" + TestCluster.topic("b"), "earliest")) {
      String cursor = client.awaitMessages(4).messages().get(3).id();
      assertEquals(
          List.of("m4", "m5", "m6"),
          cluster.node(1).history("topic=" + topic + "&after=" + cursor));
    }
  }
}
