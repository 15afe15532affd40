package dev.broadcast.node.backplane;

import dev.broadcast.testing.TestRedis;
import org.junit.jupiter.api.Nested;

class RedisBackplaneTest {
  private static TestNode node(BackplaneSettings settings) {
    return new TestNode(hub -> new RedisBackplane(settings, TestRedis.url(), hub));
  }

  private static BackplaneSettings over(int shards) {
    return BackplaneSettings.defaults(TestRedis.freshPrefix(), "n1").withShards(shards);
  }

  @Nested
  class Publishing extends PublishingContractTest {
    Publishing() {
      super(RedisBackplaneTest::node, over(1));
    }
  }

  @Nested
  class PublishingOnTwoShards extends PublishingContractTest {
    PublishingOnTwoShards() {
      super(RedisBackplaneTest::node, over(2));
    }
  }

  @Nested
  class History extends HistoryContractTest {
    History() {
      super(RedisBackplaneTest::node, over(1));
    }
  }

  @Nested
  class HistoryOnTwoShards extends HistoryContractTest {
    HistoryOnTwoShards() {
      super(RedisBackplaneTest::node, over(2));
    }
  }
}
