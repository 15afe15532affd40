package dev.broadcast.node.backplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** Nodes of one kind of backplane, for tests of what every kind promises. */
abstract class BackplaneContract {
  private final Function<BackplaneSettings, TestNode> factory;
  private final BackplaneSettings settings;
  private final List<TestNode> nodes = new ArrayList<>();

  BackplaneContract(Function<BackplaneSettings, TestNode> factory, BackplaneSettings settings) {
    this.factory = factory;
    this.settings = settings;
  }

  final BackplaneSettings settings() {
    return settings;
  }

  final TestNode started(BackplaneSettings with) {
    TestNode node = factory.apply(with);
    nodes.add(node);
    assertTrue(node.start());
    return node;
  }

  final TestNode started() {
    return started(settings);
  }

  @AfterEach
  void closeNodes() {
    nodes.forEach(TestNode::close);
  }

  /** A topic of that shard whose name begins so. */
  static String topicOn(TestNode node, int shard, String name) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> name + "-" + i)
        .filter(topic -> node.backplane.shardOf(topic) == shard)
        .findFirst()
        .orElseThrow();
  }
}
