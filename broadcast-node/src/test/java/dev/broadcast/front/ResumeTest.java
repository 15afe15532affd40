package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Threads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who comes back with a cursor, to whichever node, misses nothing and is told nothing twice. */
class ResumeTest {
  private static final int LONG_REPLAY = 900;

  @RegisterExtension
  static final SharedClusters CLUSTERS = new SharedClusters("--queue-size=8", "--heartbeat=200ms");

  @ParameterizedTest
  @EnumSource
  void resumesAcrossNodesWithoutGapOrDuplicate(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("orders");
    List<String> published = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    String cursor = "";
    for (int round = 0; round < 8; round++) {
      // Given a client of one node that saw some messages and left
      try (OpenStream client = cluster.node(round).listen("topic=" + topic, cursor)) {
        client.awaitConnected();
        published.addAll(cluster.node(round + 1).publishMany(topic, "live" + round + "-", 3));
        client.awaitMessages(published.size() - seen.size());
        seen.addAll(client.data());
        assertEquals(List.of(), client.resets());
        cursor = client.cursor();
      }
      // When messages are published while it is away, and it comes back to another node
      published.addAll(cluster.node(round).publishMany(topic, "away" + round + "-", 4));
    }
    try (OpenStream client = cluster.node(1).listen("topic=" + topic, cursor)) {
      client.awaitMessages(published.size() - seen.size());
      seen.addAll(client.data());
    }
    // Then it saw all, once, in order
    assertEquals(published, seen);
  }

  @ParameterizedTest
  @EnumSource
  void replaysMuchMoreThanTheQueueHoldsWhileMessagesArePublished(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("long");
    String cursor = cluster.node(0).publish(topic, "first");
    List<String> expected = cluster.node(0).publishMany(topic, "kept-", LONG_REPLAY);
    CompletableFuture<List<String>> meanwhile =
        CompletableFuture.supplyAsync(
            () -> cluster.node(1).publishMany(topic, "meanwhile-", 100), Threads.perTask());
    try (OpenStream client = cluster.node(1).listen("topic=" + topic, cursor)) {
      List<String> all = new ArrayList<>(expected);
      all.addAll(meanwhile.join());
      client.awaitMessages(all.size());
      assertEquals(all, client.data());
      assertEquals(List.of(), client.resets());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReplayOfAnyLengthHasItsLastMessage(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("length");
    List<String> sent = cluster.node(0).publishMany(topic, "m", 520);
    cluster.awaitOnAllNodes(topic, "m519");
    List<OpenStream.Event> all;
    try (OpenStream client = cluster.node(0).listen("topic=" + topic, "earliest")) {
      all = client.awaitMessages(sent.size()).messages();
    }
    // Pages of a replay end after powers of two
    for (int length : new int[] {1, 255, 256, 257, 258, 511, 512, 513}) {
      String cursor = all.get(all.size() - length - 1).id();
      try (OpenStream client = cluster.node(1).listen("topic=" + topic, cursor)) {
        client.awaitMessages(length);
        assertEquals(sent.subList(sent.size() - length, sent.size()), client.data());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void resumesSeveralTopicsWithTheCursorOfTheStream(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 4);
    String query = "topic=" + String.join("&topic=", topics);
    Map<String, List<String>> published = new TreeMap<>();
    List<String> seen = new ArrayList<>();
    String cursor = "";
    int count = 0;
    for (int round = 0; round < 6; round++) {
      try (OpenStream client = cluster.node(round).listen(query, cursor)) {
        client.awaitConnected();
        for (String topic : topics) {
          count += publish(cluster.node(round + 1), published, topic, round + "live", 2);
        }
        client.awaitMessages(count - seen.size());
        seen.addAll(client.data());
        assertEquals(List.of(), client.resets());
        cursor = client.cursor();
      }
      for (String topic : topics) {
        count += publish(cluster.node(round), published, topic, round + "away", 5);
      }
    }
    try (OpenStream client = cluster.node(1).listen(query, cursor)) {
      client.awaitMessages(count - seen.size());
      seen.addAll(client.data());
    }
    assertEquals(count, seen.size());
    for (String topic : topics) {
      assertEquals(
          published.get(topic), seen.stream().filter(d -> d.startsWith(topic + " ")).toList());
    }
  }

  private static int publish(
      FrontNode node, Map<String, List<String>> all, String topic, String name, int count) {
    all.computeIfAbsent(topic, t -> new ArrayList<>())
        .addAll(node.publishMany(topic, topic + " " + name, count));
    return count;
  }

  @ParameterizedTest
  @EnumSource
  void anIdCutAnywhereInAStreamResumesExactlyThere(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 3);
    String query = "topic=" + String.join("&topic=", topics);
    try (OpenStream client = cluster.node(0).listen(query)) {
      client.awaitConnected();
      for (int i = 0; i < 24; i++) {
        cluster.node(i).publish(topics.get(i % 3), "m" + i);
      }
      client.awaitMessages(24);
      List<OpenStream.Event> live = client.messages();
      for (int i = 0; i < 24; i += 5) {
        // When a client comes back with the id of the i-th message
        try (OpenStream again = cluster.node(i + 1).listen(query, live.get(i).id())) {
          again.awaitMessages(23 - i);
          // Then it gets exactly the messages that came after it
          List<String> after =
              live.subList(i + 1, 24).stream().map(OpenStream.Event::data).toList();
          if (setup.shards() == 1) {
            assertEquals(after, again.data());
          }
          assertEquals(List.copyOf(new TreeSet<>(after)), sorted(again.data()));
          assertEquals(List.of(), again.resets());
        }
      }
    }
  }

  private static List<String> sorted(List<String> data) {
    return data.stream().sorted().toList();
  }

  @ParameterizedTest
  @EnumSource
  void resumesThroughFilters(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("filtered");
    String query = "topic=" + topic + "&type=update&type=message&target=a&target=b";
    List<String> wanted = new ArrayList<>();
    String cursor = cluster.node(0).publish(topic, "before");
    for (int i = 0; i < 300; i++) {
      String data = "f" + i;
      boolean type = i % 3 != 0;
      boolean target = i % 2 == 0 || i % 5 == 0;
      Map<String, Object> message = new HashMap<>(Map.of("topic", topic, "data", data));
      if (!type) {
        message.put("type", "delete");
      } else if (i % 3 == 1) {
        message.put("type", "update");
      }
      if (!target) {
        message.put("target_ids", List.of("c"));
      } else if (i % 4 != 0) {
        message.put("target_ids", List.of("x", i % 5 == 0 ? "a" : "b"));
      }
      cluster.node(i).publish(message);
      if (type && target) {
        wanted.add(data);
      }
    }
    List<String> seen = new ArrayList<>();
    try (OpenStream client = cluster.node(0).listen(query, cursor)) {
      client.awaitMessages(40);
      List<OpenStream.Event> got = client.messages(); // more may come between two looks
      got.forEach(event -> seen.add(event.data()));
      cursor = got.get(got.size() - 1).id();
    }
    try (OpenStream client = cluster.node(1).listen(query, cursor)) {
      client.awaitMessages(wanted.size() - seen.size());
      seen.addAll(client.data());
      assertEquals(List.of(), client.resets());
    }
    assertEquals(wanted, seen);
  }

  @ParameterizedTest
  @EnumSource
  void aPublishersIdIsACursor(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("own");
    String id = cluster.node(0).publish(topic, "mine");
    cluster.node(1).publish(topic, "next");
    try (OpenStream client = cluster.node(1).listen("topic=" + topic, id)) {
      client.awaitMessages(1);
      assertEquals(List.of("next"), client.data());
      assertEquals(id, client.header("Last-Event-ID"));
      assertEquals(id, client.events().get(0).id());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCursorThatTheNodeHasNotReachedYetWaits(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("ahead");
    long resets = cluster.resets();
    for (int i = 0; i < 50; i++) {
      // Given a message that one node has just acknowledged
      String id = cluster.node(i).publish(topic, "m" + i);
      // When its publisher listens after it on the other node at once
      try (OpenStream client = cluster.node(i + 1).listen("topic=" + topic, id)) {
        cluster.node(i).publish(topic, "after" + i);
        client.awaitMessages(1);
        assertEquals(List.of("after" + i), client.data());
      }
    }
    assertEquals(resets, cluster.resets());
    assertTrue(cluster.nodes().stream().allMatch(node -> node.fatal().isEmpty()));
  }
}
