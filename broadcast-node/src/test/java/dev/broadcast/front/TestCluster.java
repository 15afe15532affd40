package dev.broadcast.front;

import dev.broadcast.testing.TestRedis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Running nodes on one backplane. */
final class TestCluster implements AutoCloseable {
  private static final AtomicInteger TOPICS = new AtomicInteger();

  /** What the same test runs against. */
  enum Setup {
    ALONE(1, 1),
    ALONE_TWO_SHARDS(1, 2),
    REDIS(2, 1),
    REDIS_TWO_SHARDS(2, 2);

    private final int nodes;
    private final int shards;

    Setup(int nodes, int shards) {
      this.nodes = nodes;
      this.shards = shards;
    }

    int shards() {
      return shards;
    }
  }

  private final List<FrontNode> nodes = new ArrayList<>();

  static TestCluster start(Setup setup, String... flags) {
    List<String> all = new ArrayList<>(List.of("--shards=" + setup.shards));
    all.addAll(List.of(flags));
    return setup.nodes == 1
        ? new TestCluster().with(1, all)
        : onRedis(TestRedis.url(), TestRedis.freshPrefix(), setup.nodes, all);
  }

  static TestCluster onRedis(String url, String prefix, int nodes, List<String> flags) {
    List<String> all = new ArrayList<>(List.of("--redis-url=" + url, "--prefix=" + prefix));
    all.addAll(flags);
    return new TestCluster().with(nodes, all);
  }

  private TestCluster with(int count, List<String> flags) {
    List<String> all = new ArrayList<>(List.of("--drain=500ms"));
    all.removeIf(flag -> flags.stream().anyMatch(f -> f.startsWith("--drain=")));
    all.addAll(flags);
    for (int i = 0; i < count; i++) {
      nodes.add(FrontNode.start(all));
    }
    if (count > 1) {
      // A node hears of one that joins a moment later.
      Await.until(
          "nodes know each other",
          () -> nodes.stream().allMatch(n -> n.status().path("nodes").asInt(count) == count));
    }
    return this;
  }

  /** One of its nodes; any number will do, so that a test for two runs with one as well. */
  FrontNode node(int index) {
    return nodes.get(index % nodes.size());
  }

  List<FrontNode> nodes() {
    return nodes;
  }

  /** Resets that its nodes told since they started. */
  long resets() {
    return nodes.stream().mapToLong(FrontNode::resets).sum();
  }

  /** A topic that no other test uses. */
  static String topic(String name) {
    return name + "-" + TOPICS.incrementAndGet();
  }

  /** So many fresh topics, which lie on all shards if there are enough of them. */
  List<String> topicsOnAllShards(Setup setup, int count) {
    Map<String, String> shardOf = new LinkedHashMap<>();
    while (true) {
      String topic = topic("spread");
      shardOf.put(topic, node(0).publish(topic, "which shard").split("\\.", -1)[2]);
      List<String> last =
          List.copyOf(shardOf.keySet())
              .subList(Math.max(0, shardOf.size() - count), shardOf.size());
      if (last.size() == count
          && last.stream().map(shardOf::get).distinct().count() == setup.shards()) {
        last.forEach(t -> awaitOnAllNodes(t, "which shard"));
        return last;
      }
    }
  }

  /** A node may deliver what another one acknowledged a moment later; waits until all have. */
  void awaitOnAllNodes(String topic, String data) {
    for (FrontNode node : nodes) {
      try (OpenStream all = node.listen("topic=" + topic, "earliest")) {
        all.await(data, s -> s.data().contains(data));
      }
    }
  }

  @Override
  public void close() {
    List<CompletableFuture<Void>> stops =
        nodes.stream().filter(n -> !n.stopped()).map(FrontNode::stop).toList();
    CompletableFuture.allOf(stops.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, 10, TimeUnit.SECONDS)
        .join();
  }
}
