package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** History ends with its age, however few messages it has and however busy its topic is. */
class ExpiryTest {
  /** Long enough for a client on each node to come while a message is young. */
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters("--history-age=3s");

  @ParameterizedTest
  @EnumSource
  void anExpiredTopicIsResetAndTheOthersGoOn(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 3);
    String expired = topics.get(0);
    String query = "topic=" + String.join("&topic=", topics);
    String cursor;
    // Given a client that leaves, and one that stays, so that its node remembers what it saw
    try (OpenStream staying = cluster.node(1).listen(query).awaitConnected()) {
      try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
        cursor = client.cursor();
      }
      cluster.node(0).publish(expired, "too old");
      String last = cluster.node(0).publish(expired, "too old as well");
      staying.awaitMessages(2);
      Await.until("expired", () -> cluster.node(0).history("topic=" + expired).isEmpty());
      cluster.node(0).publish(topics.get(1), "young");
      staying.awaitMessages(3);
      for (FrontNode node : cluster.nodes()) {
        // When it comes back
        try (OpenStream client = node.listen(query, cursor)) {
          // Then the topic that expired is reset, and it alone
          client.await("young", s -> s.data().contains("young"));
          ResetTest.assertReset(client, "trimmed", List.of(expired), cursor);
        }
        // And who missed nothing is told nothing
        try (OpenStream client = node.listen("topic=" + expired, last)) {
          cluster.node(0).publish(expired, "new");
          assertEquals("new", client.awaitMessages(1).data().get(0));
          assertEquals(List.of(), client.resets());
        }
        try (OpenStream client = node.listen("topic=" + expired, "earliest")) {
          client.awaitMessages(1);
          assertEquals(List.of(), client.resets());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofABusyTopicTheOldOnesExpireNoneTheLess(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("busy");
    String query = "topic=" + topic;
    String first = cluster.node(0).publish(topic, "0");
    List<String> sent = new ArrayList<>(List.of("0"));
    try (OpenStream staying = cluster.node(1).listen(query).awaitConnected()) {
      // Given a topic that is never quiet for as long as messages live
      Await.until(
          "the second gone",
          () -> {
            publishNext(cluster, topic, sent);
            List<String> kept = cluster.node(1).history("limit=1000&topic=" + topic);
            return !kept.isEmpty() && Integer.parseInt(kept.get(0)) > 1;
          });
      assertTrue(sent.size() < 1000, "so many that they were trimmed by number");
      staying.await("last", s -> s.data().contains(sent.get(sent.size() - 1)));
      for (FrontNode node : cluster.nodes()) {
        publishNext(cluster, topic, sent);
        try (OpenStream client = node.listen(query, first).awaitConnected()) {
          // Which of them are young enough is the clock's affair, which of them come is not
          publishNext(cluster, topic, sent);
          client.await("last", s -> s.data().contains(sent.get(sent.size() - 1)));
          ResetTest.assertReset(client, "trimmed", List.of(topic), first);
          List<String> data = client.data();
          assertEquals(sent.subList(sent.size() - data.size(), sent.size()), data);
        }
      }
    }
  }

  private static void publishNext(TestCluster cluster, String topic, List<String> sent) {
    String data = Integer.toString(sent.size());
    sent.add(data);
    cluster.node(0).publish(topic, data);
  }
}
