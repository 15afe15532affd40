package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.OpenStream.Event;
import dev.broadcast.front.TestCluster.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A throttled stream sends at its ticks, then the latest of every topic, and loses no latest. */
class ThrottledStreamTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters("--heartbeat=200ms");

  @ParameterizedTest
  @EnumSource
  void atEachTickTheLatestOfEveryTopicLeavesInOrder(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    List<String> topics = cluster.topicsOnAllShards(setup, 3);
    String query = "topic=" + String.join("&topic=", topics);
    try (OpenStream slow = cluster.node(0).listen(query + "&throttle=400ms").awaitConnected();
        OpenStream all = cluster.node(0).listen(query).awaitConnected()) {
      List<String> sent = new ArrayList<>();
      long begin = System.nanoTime();
      for (int round = 0; round < 40; round++) {
        for (String topic : topics) {
          sent.add(cluster.node(round).publish(topic, topic + " " + round));
        }
      }
      all.awaitMessages(sent.size());
      Set<String> last = new TreeSet<>();
      topics.forEach(topic -> last.add(topic + " 39"));
      slow.await("the latest of all", s -> s.data().containsAll(last));
      List<Event> got = slow.messages();
      assertTrue(got.size() < sent.size() / 2, slow::toString);
      for (String topic : topics) {
        List<Integer> rounds =
            got.stream()
                .filter(e -> e.data().startsWith(topic + " "))
                .map(e -> Integer.valueOf(e.data().substring(topic.length() + 1)))
                .toList();
        assertEquals(new ArrayList<>(new TreeSet<>(rounds)), rounds);
        // One at once, and one each interval: arrivals may be late, and then close to each other
        long took = got.get(got.size() - 1).nanos() - begin;
        assertTrue(rounds.size() <= 1 + took / 400_000_000L, slow::toString);
      }
      assertEquals(List.of(), slow.resets());
      // Whoever comes back after any of them misses no latest
      for (Event event : List.of(got.get(0), got.get(got.size() / 2))) {
        try (OpenStream again = cluster.node(1).listen(query + "&throttle=1h", event.id())) {
          again.await("the latest", s -> s.messages().size() >= 1);
          again.await("a heartbeat", s -> !s.comments().isEmpty());
          Set<String> missed = new TreeSet<>(last);
          got.subList(0, got.indexOf(event) + 1).forEach(e -> missed.remove(e.data()));
          assertEquals(missed, new TreeSet<>(again.data()));
          assertEquals(List.of(), again.resets());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void heartbeatsDoNotPassWhatWaits(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("waits");
    try (OpenStream slow =
        cluster.node(0).listen("topic=" + topic + "&throttle=1h").awaitConnected()) {
      cluster.node(0).publish(topic, "first");
      slow.awaitMessages(1);
      cluster.node(0).publish(topic, "conflated");
      cluster.node(0).publish(topic, "waits");
      int beats = slow.comments().size();
      slow.await("heartbeats", s -> s.comments().size() > beats + 2);
      assertEquals(List.of("first"), slow.data());
      try (OpenStream again = cluster.node(1).listen("topic=" + topic, slow.cursor())) {
        again.awaitMessages(2);
        assertEquals(List.of("conflated", "waits"), again.data());
      }
    }
  }
}
