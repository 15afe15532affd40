package dev.broadcast.node.backplane;

import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

class MemoryBackplaneTest {
  private static TestNode node(BackplaneSettings settings) {
    return new TestNode(hub -> new MemoryBackplane(settings, hub, InstantSource.system()));
  }

  private static BackplaneSettings over(int shards) {
    return BackplaneSettings.defaults("test", "n1").withShards(shards);
  }

  @Nested
  class Publishing extends PublishingContractTest {
    Publishing() {
      super(MemoryBackplaneTest::node, over(1));
    }
  }

  @Nested
  class PublishingOnTwoShards extends PublishingContractTest {
    PublishingOnTwoShards() {
      super(MemoryBackplaneTest::node, over(2));
    }
  }

  @Nested
  class History extends HistoryContractTest {
    History() {
      super(MemoryBackplaneTest::node, over(1));
    }
  }

  @Nested
  class HistoryOnTwoShards extends HistoryContractTest {
    HistoryOnTwoShards() {
      super(MemoryBackplaneTest::node, over(2));
    }
  }
}
