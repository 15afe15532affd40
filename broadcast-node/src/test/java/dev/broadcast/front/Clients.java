package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Streams of every kind on every node, which must all see the same. */
final class Clients implements AutoCloseable {
  private static final int TOPICS = 4;

  private final TestCluster cluster;
  private final List<OpenStream> streams = new ArrayList<>();

  Clients(TestCluster cluster) {
    this.cluster = cluster;
    StringBuilder all = new StringBuilder("topic=" + topic(0));
    for (int i = 1; i < TOPICS; i++) {
      all.append("&topic=").append(topic(i));
    }
    for (FrontNode node : cluster.nodes()) {
      streams.add(node.listen(all.toString()).awaitConnected());
      streams.add(node.listen(all + "&type=message").awaitConnected());
      streams.add(node.listen(all + "&format=message").awaitConnected());
    }
  }

  /** One of the topics that all listen to. */
  static String topic(int number) {
    return "clients-" + number % TOPICS;
  }

  /** Publishes over all nodes and topics; answers the data. */
  List<String> publish(String prefix, int count) {
    List<String> data = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cluster.node(i).publish(topic(i / 2), prefix + i);
      data.add(prefix + i);
    }
    return data;
  }

  void awaitAll(List<String> data) {
    Set<String> expected = new HashSet<>(data);
    for (OpenStream stream : streams) {
      stream.awaitMessages(expected.size());
      stream.await("all of " + data.size(), s -> new HashSet<>(texts(s)).containsAll(expected));
    }
  }

  private static List<String> texts(OpenStream stream) {
    return stream.messages().stream()
        .map(e -> e.data().startsWith("{") ? e.json().path("data").asText() : e.data())
        .toList();
  }

  /**
   * @param unknown whether messages may have come of which no publisher was told that they are
   *     stored
   */
  void assertNothingLostDoubledOrReset(List<String> sent, boolean unknown) {
    for (OpenStream stream : streams) {
      assertFalse(stream.ended(), stream::toString);
      assertEquals(List.of(), stream.resets());
      List<String> texts = texts(stream);
      assertEquals(texts.size(), new HashSet<>(texts).size(), "doubled in " + stream);
      Set<String> lost = new HashSet<>(sent);
      texts.forEach(lost::remove);
      assertEquals(Set.of(), lost);
      if (!unknown) {
        assertEquals(sent.size(), texts.size());
      }
      assertEquals(0, texts.stream().filter(t -> t.startsWith("ghost")).count(), "ghosts");
      List<Integer> steady =
          texts.stream()
              .filter(t -> t.startsWith("steady "))
              .map(t -> Integer.valueOf(t.substring(7)))
              .toList();
      for (int topic = 0; topic < TOPICS; topic++) {
        int wanted = topic;
        List<Integer> ofTopic = steady.stream().filter(n -> n % TOPICS == wanted).toList();
        assertEquals(ofTopic.stream().sorted().toList(), ofTopic, "order");
      }
    }
    assertEquals(0, cluster.resets());
  }

  @Override
  public void close() {
    streams.forEach(OpenStream::close);
  }
}
