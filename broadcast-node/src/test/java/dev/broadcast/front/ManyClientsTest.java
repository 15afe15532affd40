package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Threads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many clients that stay and many that come and go, while several publishers publish. */
class ManyClientsTest {
  private static final int CLIENTS = 30;
  private static final int PUBLISHERS = 5;
  private static final int MESSAGES = 2_000;

  @ParameterizedTest
  @EnumSource
  void lostDoubledAndReorderedAreNone(Setup setup) {
    try (TestCluster cluster = TestCluster.start(setup, "--queue-size=32", "--heartbeat=100ms")) {
      List<String> topics = cluster.topicsOnAllShards(setup, 3);
      String query = "topic=" + String.join("&topic=", topics);
      List<Wanderer> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Wanderer(cluster, i, query, i % 3 == 0));
      }
      List<CompletableFuture<Void>> publishers = new ArrayList<>();
      for (int p = 0; p < PUBLISHERS; p++) {
        int number = p;
        publishers.add(
            CompletableFuture.runAsync(() -> publish(cluster, topics, number), Threads.perTask()));
      }
      CompletableFuture.allOf(publishers.toArray(CompletableFuture[]::new)).join();

      Map<String, List<String>> reference = new HashMap<>();
      for (Wanderer client : clients) {
        List<String> seen = client.finish();
        assertEquals(MESSAGES, seen.stream().distinct().count(), "lost by " + client.number);
        assertEquals(MESSAGES, seen.size(), "doubled at " + client.number);
        for (String topic : topics) {
          List<String> ofTopic = seen.stream().filter(d -> d.startsWith(topic + " ")).toList();
          assertEquals(
              reference.computeIfAbsent(topic, t -> ofTopic), ofTopic, "order at " + client.number);
        }
      }
      // What one publisher published one after the other comes in that order
      for (List<String> ofTopic : reference.values()) {
        for (int p = 0; p < PUBLISHERS; p++) {
          String mark = " p" + p + " ";
          List<Integer> numbers =
              ofTopic.stream()
                  .filter(d -> d.contains(mark))
                  .map(d -> Integer.valueOf(d.substring(d.indexOf(mark) + mark.length())))
                  .toList();
          assertEquals(numbers.stream().sorted().toList(), numbers);
        }
      }
      assertEquals(0, cluster.resets());
    }
  }

  private static void publish(TestCluster cluster, List<String> topics, int publisher) {
    for (int i = 0; i < MESSAGES / PUBLISHERS; i++) {
      String topic = topics.get(i % topics.size());
      cluster.node(publisher).publish(topic, topic + " p" + publisher + " " + i);
    }
  }

  /** A client that leaves again and again, and comes back to the other node with its cursor. */
  private static final class Wanderer {
    private final TestCluster cluster;
    private final int number;
    private final String query;
    private final List<String> seen = new ArrayList<>();
    private final CompletableFuture<Void> walk;
    private final AtomicBoolean publishingEnded = new AtomicBoolean();
    private OpenStream current;
    private int nextNode;

    Wanderer(TestCluster cluster, int number, String query, boolean wanders) {
      this.cluster = cluster;
      this.number = number;
      this.query = query;
      nextNode = number;
      current = cluster.node(nextNode++).listen(query).awaitConnected();
      walk =
          wanders
              ? CompletableFuture.runAsync(this::wander, Threads.perTask())
              : CompletableFuture.allOf();
    }

    private void wander() {
      while (!publishingEnded.get() && nextNode < number + 60) {
        int enough = 20 + number;
        Await.until(
            "some messages", () -> current.data().size() >= enough || publishingEnded.get());
        leave();
        current = cluster.node(nextNode++).listen(query, current.cursor());
      }
    }

    /** What had come when the stream was cut, and not one message more. */
    private void leave() {
      current.close();
      current.awaitEnd();
      seen.addAll(current.data());
      assertEquals(List.of(), current.resets());
    }

    List<String> finish() {
      publishingEnded.set(true);
      walk.join();
      current.awaitMessages(MESSAGES - seen.size());
      leave();
      return seen;
    }
  }
}
