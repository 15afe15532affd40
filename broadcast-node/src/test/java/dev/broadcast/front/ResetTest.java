package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.TestCluster.Setup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cursor that history no longer covers gets a reset for exactly the topics concerned; they go on
 * from the oldest kept, the others after the cursor.
 */
class ResetTest {
  private static final int HISTORY = 10;

  @RegisterExtension
  static final SharedClusters CLUSTERS = new SharedClusters("--history-size=" + HISTORY);

  @ParameterizedTest
  @EnumSource
  void aTrimmedTopicIsResetAndTheOthersGoOn(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 4);
    String query = "topic=" + String.join("&topic=", topics);
    String trimmed = topics.get(0);
    for (boolean warm : new boolean[] {false, true}) {
      // Given a client that left; its topics' rings live on when another client stays
      List<OpenStream> staying = new ArrayList<>();
      if (warm) {
        cluster.nodes().forEach(n -> staying.add(n.listen(query).awaitConnected()));
      }
      String cursor = cursorOf(cluster.node(0), query);
      String tag = warm ? "warm" : "cold";
      for (String topic : topics.subList(1, topics.size())) {
        cluster.node(0).publishMany(topic, topic + " " + tag, 3);
      }
      // When one of its topics is trimmed past its place
      List<String> flood = cluster.node(0).publishMany(trimmed, trimmed + " " + tag, 5 * HISTORY);
      cluster.awaitOnAllNodes(trimmed, flood.get(flood.size() - 1));
      // Then only that topic is reset
      try (OpenStream client = cluster.node(1).listen(query, cursor)) {
        client.await("last", s -> s.data().contains(flood.get(flood.size() - 1)));
        client.awaitMessages(HISTORY + 3 * (topics.size() - 1));
        assertReset(client, "trimmed", List.of(trimmed), cursor);
        List<String> kept = client.data().stream().filter(d -> d.startsWith(trimmed)).toList();
        assertTrue(kept.size() >= HISTORY && kept.size() <= 2 * HISTORY, kept::toString);
        assertEquals(flood.subList(flood.size() - kept.size(), flood.size()), kept);
        for (String topic : topics.subList(1, topics.size())) {
          assertEquals(
              List.of(topic + " " + tag + "0", topic + " " + tag + "1", topic + " " + tag + "2"),
              client.data().stream().filter(d -> d.startsWith(topic + " ")).toList());
        }
        // And nothing comes twice: the stream goes on live, and resumes without a second reset
        cluster.node(0).publish(trimmed, tag + " on");
        client.await("live", s -> s.data().contains(tag + " on"));
        assertEquals(client.data().size(), client.data().stream().distinct().count());
        try (OpenStream again = cluster.node(0).listen(query, client.cursor())) {
          cluster.node(1).publish(trimmed, tag + " again");
          assertEquals(List.of(tag + " again"), again.awaitMessages(1).data());
          assertEquals(List.of(), again.resets());
        }
      }
      staying.forEach(OpenStream::close);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theIdOfAResetLosesNothingThatFollows(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 3);
    String query = "topic=" + String.join("&topic=", topics);
    String cursor = cursorOf(cluster.node(0), query);
    cluster.node(0).publishMany(topics.get(1), "kept", 3);
    List<String> flood = cluster.node(0).publishMany(topics.get(0), "flood", 5 * HISTORY);
    cluster.awaitOnAllNodes(topics.get(0), flood.get(flood.size() - 1));
    String resetId;
    List<String> whole;
    try (OpenStream client = cluster.node(1).listen(query, cursor)) {
      client.await("last", s -> s.data().contains(flood.get(flood.size() - 1)));
      whole = client.awaitMessages(HISTORY + 3).data();
      resetId = client.resets().get(0).id();
    }
    // When a client that saw the reset and nothing more comes back
    try (OpenStream client = cluster.node(0).listen(query, resetId)) {
      // Then it gets everything that followed the reset
      client.awaitMessages(whole.size());
      assertTrue(client.data().containsAll(whole), client::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClearedTopicIsResetForCursorsBeforeTheLastClearedOnly(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 2);
    String cleared = topics.get(0);
    String query = "topic=" + String.join("&topic=", topics);
    try (OpenStream live = cluster.node(1).listen(query).awaitConnected()) {
      String before = cluster.node(0).publish(cleared, "a");
      String last = cluster.node(0).publish(cleared, "b");
      String streamCursor = live.awaitMessages(1).messages().get(0).id();
      cluster.node(0).publish(topics.get(1), "other");
      live.awaitMessages(3);
      // When its history is cleared
      assertEquals(204, cluster.node(0).clear(cleared).status());
      cluster.node(0).publish(cleared, "c");
      // Then live streams notice nothing
      assertEquals("c", live.awaitMessages(4).data().get(3));
      assertEquals(List.of(), live.resets());
      assertEquals(List.of("c"), cluster.node(0).history("topic=" + cleared));
      // And a cursor before the last message cleared is told so
      for (FrontNode node : cluster.nodes()) {
        try (OpenStream client = node.listen(query, streamCursor)) {
          client.awaitMessages(2);
          assertReset(client, "cleared", List.of(cleared), streamCursor);
          assertEquals(List.of("c", "other"), client.data().stream().sorted().toList());
        }
        try (OpenStream client = node.listen("topic=" + cleared, before)) {
          assertEquals(List.of("c"), client.awaitMessages(1).data());
          assertReset(client, "cleared", List.of(cleared), before);
        }
        // While at it, it is honoured
        try (OpenStream client = node.listen("topic=" + cleared, last)) {
          assertEquals(List.of("c"), client.awaitMessages(1).data());
          assertEquals(List.of(), client.resets());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoCursorResetsAllTopicsAndGoesOnFromTheOldestKept(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 2);
    String query = "topic=" + String.join("&topic=", topics);
    String good = cluster.node(0).publish(topics.get(0), "second");
    List<String> bad =
        List.of(
            "nonsense",
            "1",
            good + "x",
            good + "~" + good,
            "~",
            good.replaceAll("\\d+$", "999999999"),
            "a".repeat(2048));
    for (String cursor : bad) {
      for (FrontNode node : cluster.nodes()) {
        try (OpenStream client = node.listen(query, cursor)) {
          assertEquals(200, client.status());
          client.awaitMessages(3);
          assertEquals(
              List.of("second", "which shard", "which shard"),
              client.data().stream().sorted().toList());
          assertEquals(
              topics.stream().sorted().toList(),
              client.resets().stream().flatMap(r -> topics(r).stream()).sorted().toList(),
              client::toString);
          for (OpenStream.Event reset : client.resets()) {
            assertEquals("invalid", reset.json().path("reason").asText());
            String told = reset.json().path("last_event_id").asText();
            assertTrue(cursor.startsWith(told) && !told.isEmpty(), told);
          }
          // And it can be resumed from then on
          try (OpenStream again = node.listen(query, client.cursor())) {
            again.awaitConnected();
            assertEquals(List.of(), again.resets());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCursorOfAnotherClusterIsOfAnotherEpoch(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("foreign");
    cluster.node(0).publishMany(topic, "kept", 3);
    try (TestCluster other = TestCluster.start(setup)) {
      String foreign = other.node(0).publish(topic, "elsewhere");
      try (OpenStream client = cluster.node(1).listen("topic=" + topic, foreign)) {
        assertEquals(List.of("kept0", "kept1", "kept2"), client.awaitMessages(3).data());
        assertReset(client, "epoch", List.of(topic), foreign);
      }
    }
  }

  private static String cursorOf(FrontNode node, String query) {
    try (OpenStream client = node.listen(query).awaitConnected()) {
      return client.cursor();
    }
  }

  static void assertReset(
      OpenStream client, String reason, List<String> topics, @Nullable String lastEventId) {
    assertEquals(1, client.resets().size(), client::toString);
    OpenStream.Event reset = client.resets().get(0);
    JsonNode told = reset.json();
    assertEquals(reason, told.path("reason").asText(), client::toString);
    assertEquals(topics, topics(reset));
    assertEquals(lastEventId, told.path("last_event_id").textValue());
    assertTrue(!reset.id().isEmpty());
  }

  private static List<String> topics(OpenStream.Event reset) {
    List<String> topics = new ArrayList<>();
    reset.json().path("topics").forEach(t -> topics.add(t.asText()));
    return topics;
  }
}
