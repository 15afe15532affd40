package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.broadcast.front.TestCluster.Setup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a stream starts: a cursor in any of its places, the oldest kept, the last few, or now. */
class StartTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters();

  @ParameterizedTest
  @EnumSource
  void withoutACursorItStartsWithWhatComesNext(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("now");
    cluster.node(0).publish(topic, "before");
    cluster.awaitOnAllNodes(topic, "before");
    try (OpenStream client = cluster.node(1).listen("topic=" + topic).awaitConnected()) {
      cluster.node(0).publish(topic, "next");
      assertEquals(List.of("next"), client.awaitMessages(1).data());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCursorMayStandInTheQueryAndTheHeaderWins(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("places");
    String first = cluster.node(0).publish(topic, "1");
    String second = cluster.node(0).publish(topic, "2");
    cluster.node(0).publish(topic, "3");
    for (String name : List.of("lastEventId", "last_event_id")) {
      try (OpenStream client =
          cluster.node(1).listen("topic=" + topic + "&" + name + "=" + first)) {
        assertEquals(List.of("2", "3"), client.awaitMessages(2).data());
      }
      String query = "topic=" + topic + "&" + name + "=" + first;
      try (OpenStream client = cluster.node(1).listen(query, second)) {
        assertEquals(List.of("3"), client.awaitMessages(1).data());
      }
      try (OpenStream client =
          cluster.node(1).listen("topic=" + topic + "&" + name + "=earliest")) {
        assertEquals(List.of("1", "2", "3"), client.awaitMessages(3).data());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void earliestIsTheOldestKeptOfEveryTopic(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 3);
    topics.forEach(t -> cluster.node(0).publish(t, t + " second"));
    String query = "topic=" + String.join("&topic=", topics);
    try (OpenStream client = cluster.node(1).listen(query, "earliest")) {
      client.awaitMessages(6);
      cluster.node(0).publish(topics.get(0), "live");
      client.awaitMessages(7);
      assertEquals("live", client.data().get(6));
      assertEquals(
          List.of("which shard", "which shard", "which shard"),
          client.data().stream().filter("which shard"::equals).toList());
      assertEquals(List.of(), client.resets());
    }
  }

  @ParameterizedTest
  @EnumSource
  void historyStartsWithTheLastOfEachTopicThatMatchTheFilters(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 3);
    for (int i = 0; i < 10; i++) {
      for (String topic : topics) {
        cluster.node(i).publish(topic, "update", topic + " u" + i);
        cluster.node(i).publish(topic, "delete", topic + " d" + i);
      }
    }
    // A topic with fewer than asked for, all of them long before the others'
    String rare = TestCluster.topic("rare");
    cluster.node(0).publish(rare, "update", rare + " u0");
    String query =
        "history=3&type=update&topic=" + rare + "&topic=" + String.join("&topic=", topics);
    try (OpenStream client = cluster.node(1).listen(query)) {
      client.awaitMessages(10);
      cluster.node(0).publish(rare, "update", "end");
      List<String> data = client.awaitMessages(11).data();
      for (String topic : topics) {
        assertEquals(
            List.of(topic + " u7", topic + " u8", topic + " u9"),
            data.stream().filter(d -> d.startsWith(topic + " ")).toList());
      }
      assertEquals(1, data.stream().filter(d -> d.startsWith(rare + " ")).count());
      assertEquals(11, data.size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCursorWinsOverHistorySinceEventSourceRepeatsTheUrl(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("repeat");
    String query = "history=5&topic=" + topic;
    cluster.node(0).publishMany(topic, "old", 10);
    cluster.awaitOnAllNodes(topic, "old9");
    String cursor;
    try (OpenStream client = cluster.node(1).listen(query)) {
      assertEquals(List.of("old5", "old6", "old7", "old8", "old9"), client.awaitMessages(5).data());
      cursor = client.cursor();
    }
    cluster.node(0).publish(topic, "new");
    try (OpenStream client = cluster.node(0).listen(query, cursor)) {
      assertEquals(List.of("new"), client.awaitMessages(1).data());
    }
  }

  @ParameterizedTest
  @EnumSource
  void historyOfAnEmptyTopicIsNoneAndTheStreamGoesOn(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("empty");
    try (OpenStream client = cluster.node(1).listen("history=5&topic=" + topic).awaitConnected()) {
      assertNotEquals("", client.cursor());
      cluster.node(0).publish(Map.of("topic", topic, "data", "first"));
      assertEquals(List.of("first"), client.awaitMessages(1).data());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theConnectedCursorLosesNothingThatFollows(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 2);
    String query = "topic=" + String.join("&topic=", topics);
    String cursor;
    try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
      // Given a client that leaves before its first message
      cursor = client.cursor();
    }
    topics.forEach(topic -> cluster.node(0).publish(topic, "missed " + topic));
    try (OpenStream client = cluster.node(1).listen(query, cursor)) {
      assertEquals(
          topics.stream().map(t -> "missed " + t).sorted().toList(),
          client.awaitMessages(2).data().stream().sorted().toList());
      assertEquals(List.of(), client.resets());
    }
  }
}
