package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.broadcast.front.TestCluster.Setup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that is to end after an event ends there, for good, wherever its client comes back. */
class UntilTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters();

  private static int statusOn(FrontNode node, String query, String cursor) {
    return node.call(
            "GET", "/events?" + query, "", "Last-Event-ID", cursor, "Accept", "text/event-stream")
        .status();
  }

  @ParameterizedTest
  @EnumSource
  void endsAfterTheEventAndStaysEndedOnEveryNode(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 2);
    String query = "topic=" + topics.get(0) + "&topic=" + topics.get(1) + "&until=complete,error";
    try (OpenStream stream = cluster.node(0).listen(query).awaitConnected();
        OpenStream other = cluster.node(0).listen("topic=" + topics.get(1)).awaitConnected()) {
      cluster.node(1).publish(topics.get(0), "status", "1");
      cluster.node(1).publish(topics.get(1), "complete", "2");
      cluster.node(1).publish(topics.get(1), "status", "3");
      other.awaitMessages(2);
      stream.awaitEnd();
      assertEquals(List.of("1", "2"), stream.data());
      List<OpenStream.Event> closing = stream.ofType("closing");
      assertEquals("{\"reason\":\"until\"}", closing.get(0).data());
      assertEquals(1, stream.idOnly().size());
      String event = stream.messages().get(1).id();
      for (FrontNode node : cluster.nodes()) {
        assertEquals(204, statusOn(node, query, stream.cursor()));
        assertEquals(204, statusOn(node, query, event));
      }
      try (OpenStream again = cluster.node(1).listen("topic=" + topics.get(1), stream.cursor())) {
        again.awaitMessages(1);
        assertEquals(List.of("3"), again.data(), "without until it is a cursor like others");
      }
      String before = stream.messages().get(0).id();
      try (OpenStream again = cluster.node(1).listen(query, before)) {
        again.awaitEnd();
        assertEquals(List.of("2"), again.data());
        assertEquals(204, statusOn(cluster.node(0), query, again.cursor()));
      }
    }
  }

  /** Its first cursor names the place of an event that it never got. */
  @ParameterizedTest
  @ValueSource(strings = {"", "&id=given"})
  void whoBeganRightAfterSuchAnEventMayComeBack(String more) {
    FrontNode node = CLUSTERS.on(Setup.ALONE).node(0);
    String topic = TestCluster.topic("again");
    node.publish(topic, "complete", "the last job's");
    String query = "topic=" + topic + "&until=complete" + more;
    String cursor;
    try (OpenStream first = node.listen(query).awaitConnected()) {
      cursor = first.cursor();
    }
    try (OpenStream again = node.listen(query, cursor)) {
      assertEquals(200, again.status());
      node.publish(topic, "complete", "this one's");
      again.awaitEnd();
      assertEquals(List.of("this one's"), again.data());
      assertEquals(204, statusOn(node, query, again.cursor()));
      assertEquals(204, statusOn(node, query, again.messages().get(0).id()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&throttle=1h"})
  void aReplayEndsThereToo(String more) {
    TestCluster cluster = CLUSTERS.on(Setup.ALONE);
    FrontNode node = cluster.node(0);
    String topic = TestCluster.topic("late");
    node.publish(topic, "status", "1");
    node.publish(topic, "complete", "2");
    node.publish(topic, "status", "3");
    String query = "topic=" + topic + "&until=complete&history=5" + more;
    try (OpenStream late = node.listen(query)) {
      late.awaitEnd();
      assertEquals(more.isEmpty() ? List.of("1", "2") : List.of("2"), late.data());
      assertEquals(204, statusOn(node, query, late.cursor()));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void onlyWhatTheStreamGetsEndsIt(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("mine");
    try (OpenStream named = cluster.node(1).listen("topic=" + topic + "&until=message&id=n1");
        OpenStream other = cluster.node(1).listen("topic=" + topic + "&until=message");
        OpenStream typed =
            cluster.node(1).listen("topic=" + topic + "&until=message&type=update")) {
      named.awaitConnected();
      other.awaitConnected();
      typed.awaitConnected();
      cluster.node(0).publish(Map.of("topic", topic, "data", "for one", "to", List.of("n1")));
      named.awaitEnd();
      cluster.node(0).publish(topic, "update", "x");
      other.awaitMessages(1);
      typed.awaitMessages(1);
      assertFalse(other.ended());
      cluster.node(0).publish(topic, "for all");
      other.awaitEnd();
      cluster.node(0).publish(topic, "update", "y");
      typed.awaitMessages(2);
      assertFalse(typed.ended());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "until=",
        "until=a,",
        "until=closing",
        "until=a%0Ab",
        "throttle=0s",
        "throttle=5",
        "throttle=2h",
        "heartbeat=yes",
        "presence=1"
      })
  void whatCannotBeIsRefused(String query) {
    assertEquals(400, CLUSTERS.on(Setup.ALONE).node(0).get("/events?" + query).status());
  }
}
