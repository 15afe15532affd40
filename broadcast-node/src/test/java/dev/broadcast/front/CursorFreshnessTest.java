package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client whose filters let little through keeps a cursor that history covers. */
class CursorFreshnessTest {
  private static final int HISTORY = 20;

  @RegisterExtension
  static final SharedClusters CLUSTERS =
      new SharedClusters("--heartbeat=200ms", "--history-size=" + HISTORY);

  @ParameterizedTest
  @EnumSource
  void withTheHeartbeatComesAnIdOnlyBlockWhenMessagesPassedBy(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("passed");
    String query = "type=update&topic=" + topic;
    try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
      String first = client.cursor();
      String passed = cluster.node(1).publish(topic, "delete", "not for it");
      // When the stream is silent
      client.await("id-only", s -> !s.cursor().equals(first));
      // Then the block dispatched nothing, came with a heartbeat, and names what passed
      assertEquals(1, client.events().size());
      assertFalse(client.comments().isEmpty());
      assertTrue(client.cursor().startsWith(passed), client.cursor() + " " + passed);
      // And it resumes
      String cursor = client.cursor();
      cluster.node(1).publish(topic, "update", "for it");
      try (OpenStream again = cluster.node(1).listen(query, cursor)) {
        assertEquals(List.of("for it"), again.awaitMessages(1).data());
        assertEquals(List.of(), again.resets());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aQuietTopicsCursorIsCarriedAlong(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 3);
    String query = "topic=" + String.join("&topic=", topics);
    try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
      String first = client.cursor();
      // When only other topics of its shards move
      String other = TestCluster.topic("other");
      cluster.node(1).publishMany(other, "elsewhere", 3 * HISTORY);
      cluster.node(1).publish(TestCluster.topic("x"), "y");
      client.await("id-only", s -> !s.cursor().equals(first));
      assertEquals(1, client.events().size());
      try (OpenStream again = cluster.node(1).listen(query, client.cursor())) {
        cluster.node(0).publish(topics.get(1), "next");
        assertEquals(List.of("next"), again.awaitMessages(1).data());
        assertEquals(List.of(), again.resets());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutSilenceTooItComesBeforeTheCursorLeavesHistory(Setup setup) {
    // Given heartbeats that never come, and a client whose filter lets nothing through
    try (TestCluster cluster =
        TestCluster.start(setup, "--heartbeat=1h", "--history-size=" + HISTORY)) {
      String topic = TestCluster.topic("busy");
      String query = "type=update&topic=" + topic;
      try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
        String first = client.cursor();
        // When more messages pass by than history keeps
        for (int round = 0; round < 5; round++) {
          List<Map<String, String>> batch =
              java.util.Collections.nCopies(
                  HISTORY / 2, Map.of("topic", topic, "type", "delete", "data", "passes"));
          assertEquals(200, cluster.node(1).post("/events", batch).status());
          String before = client.cursor();
          client.await("id-only", s -> !s.cursor().equals(before) || !s.cursor().equals(first));
          // Then at any time its cursor is honoured
          try (OpenStream again = cluster.node(1).listen(query, client.place())) {
            cluster.node(0).publish(topic, "update", "round " + round);
            assertEquals("round " + round, again.awaitMessages(1).data().get(0));
            assertEquals(List.of(), again.resets());
          }
          client.awaitMessages(round + 1);
        }
      }
    }
  }

  @Test
  void anIdOnlyBlockNeverSkipsWhatWasNotSent() {
    // Given a filtered client on two shards whose messages and heartbeats race
    Setup setup = Setup.REDIS_TWO_SHARDS;
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 2);
    String query = "type=update&topic=" + String.join("&topic=", topics);
    int expected = 0;
    try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
      for (int i = 0; i < 300; i++) {
        boolean wanted = i % 7 == 0;
        cluster.node(i).publish(topics.get(i % 2), wanted ? "update" : "delete", "m" + i);
        expected += wanted ? 1 : 0;
        if (i % 30 == 29) {
          // When it leaves at any moment
          int seen;
          String cursor;
          synchronized (client) {
            cursor = client.place();
            seen = client.data().size();
          }
          // Then its cursor brings exactly what it had not seen
          int missing = expected - seen;
          try (OpenStream again = cluster.node(1).listen(query, cursor)) {
            cluster.node(0).publish(topics.get(0), "update", "end" + i);
            String end = "end" + i;
            again.await("end", s -> s.data().contains(end));
            again.awaitMessages(missing + 1);
            assertEquals(missing + 1, again.data().size(), again::toString);
            assertEquals(List.of(), again.resets());
          }
          expected++;
          client.awaitMessages(expected);
        }
      }
    }
  }
}
