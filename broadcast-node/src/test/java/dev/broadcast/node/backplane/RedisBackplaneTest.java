package dev.broadcast.node.backplane;

import dev.broadcast.testing.TestRedis;
import org.junit.jupiter.api.Nested;

class RedisBackplaneTest {
  @Nested
  class OneShard extends Contract {
    @Override
    BackplaneSettings settings() {
      return BackplaneSettings.defaults(prefix, "n1");
    }
  }

  @Nested
  class TwoShards extends Contract {
    @Override
    BackplaneSettings settings() {
      return BackplaneSettings.defaults(prefix, "n1").withShards(2);
    }
  }

  abstract static class Contract extends BackplaneContractTest {
    final String prefix = TestRedis.freshPrefix();

    @Override
    TestNode node(BackplaneSettings settings) {
      return new TestNode(hub -> new RedisBackplane(settings, TestRedis.url(), hub));
    }
  }
}
