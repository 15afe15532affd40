package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that name connections reach those alone, or all but those, live and replayed. */
class AddressedTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters("--heartbeat=200ms");

  @ParameterizedTest
  @EnumSource
  void reachesTheNamedAloneWhereverTheyAre(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("to");
    String query = "topic=" + topic;
    try (OpenStream a = cluster.node(0).listen(query);
        OpenStream b = cluster.node(1).listen(query);
        OpenStream c = cluster.node(1).listen(query + "&id=" + topic)) {
      String idA = a.connected().path("connection_id").asText();
      String idB = b.connected().path("connection_id").asText();
      assertEquals(topic, c.connected().path("connection_id").asText());
      assertNotEquals(idA, idB);
      FrontNode publisher = cluster.node(1);
      publish(publisher, topic, "to a and c", "to", List.of(idA, topic));
      publish(publisher, topic, "not to a", "exclude", List.of(idA));
      publish(publisher, topic, "not to b or c", "exclude", List.of(idB, topic));
      publisher.publish(
          Map.of("topic", topic, "data", "b", "to", List.of(idA, idB), "exclude", List.of(idA)));
      publisher.publish(topic, "to all");
      assertEquals(List.of("to a and c", "not to b or c", "to all"), upTo("to all", a));
      assertEquals(List.of("not to a", "b", "to all"), upTo("to all", b));
      assertEquals(List.of("to a and c", "not to a", "to all"), upTo("to all", c));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMadeIdIsKeptOverAReconnect(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 2);
    String topic = topics.get(0);
    String query = "topic=" + String.join("&topic=", topics);
    String id;
    String cursor;
    try (OpenStream client = cluster.node(0).listen(query)) {
      id = client.connected().path("connection_id").asText();
      cursor = client.cursor();
    }
    for (int round = 0; round < 4; round++) {
      // Given messages to and not to a client that is away
      publish(cluster.node(0), topic, "for you " + round, "to", List.of(id));
      publish(cluster.node(1), topic, "not for you " + round, "exclude", List.of(id));
      publish(cluster.node(0), topics.get(1), "for another " + round, "to", List.of("another"));
      // When it comes back with the cursor of connected, or that of an id-only block
      try (OpenStream client = cluster.node(round).listen(query, cursor)) {
        assertEquals(id, client.connected().path("connection_id").asText());
        publish(cluster.node(1), topic, "live " + round, "to", List.of(id));
        client.awaitMessages(2);
        assertEquals(List.of("for you " + round, "live " + round), client.data());
        client.await("id with suffix", s -> s.cursor().contains("!"));
        cursor = client.cursor();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGivenIdIsTheSameAfterEveryReconnect(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("given");
    String query = "topic=" + topic + "&id=" + topic + "-me";
    String cursor;
    try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
      cluster.node(1).publish(topic, "plain");
      cursor = client.awaitMessages(1).cursor();
    }
    publish(cluster.node(0), topic, "mine", "to", List.of(topic + "-me"));
    publish(cluster.node(0), topic, "not mine", "exclude", List.of(topic + "-me"));
    publish(cluster.node(0), topic, "another's", "to", List.of("another"));
    cluster.node(0).publish(topic, "end");
    try (OpenStream client = cluster.node(1).listen(query, cursor)) {
      assertEquals(List.of("mine", "end"), client.awaitMessages(2).data());
      assertEquals(List.of(), client.resets());
    }
  }

  @ParameterizedTest
  @EnumSource
  void historyOnStreamsShowsOnlyWhatIsForTheConnection(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("last");
    for (int i = 0; i < 6; i++) {
      publish(cluster.node(i), topic, "to x " + i, "to", List.of("x"));
      cluster.node(i).publish(topic, "all " + i);
    }
    cluster.awaitOnAllNodes(topic, "all 5");
    try (OpenStream client = cluster.node(1).listen("history=3&topic=" + topic)) {
      assertEquals(List.of("all 3", "all 4", "all 5"), client.awaitMessages(3).data());
    }
  }

  @Test
  void theHistoryRouteShowsThemToAdministratorsOnly() throws IOException {
    try (TestCluster cluster = TestCluster.start(Setup.REDIS, "--admin-key=secret")) {
      FrontNode node = cluster.node(0);
      for (int i = 0; i < 5; i++) {
        publish(node, "t", "to x " + i, "to", List.of("x"));
        node.publish("t", "all " + i);
      }
      assertEquals(List.of("all 3", "all 4"), node.history("topic=t&limit=2"));
      Http.Answer asAdmin =
          new Http("secret").get(cluster.node(1).uri(), "/history?topic=t&limit=3");
      assertEquals("all 3", asAdmin.json().path("messages").path(0).path("data").asText());
      assertEquals("to x 4", asAdmin.json().path("messages").path(1).path("data").asText());
    }
  }

  private static List<String> upTo(String last, OpenStream client) {
    return client.await(last, s -> s.data().contains(last)).data();
  }

  private static void publish(
      FrontNode node, String topic, String data, String field, List<String> ids) {
    node.publish(Map.of("topic", topic, "data", data, field, ids));
  }
}
