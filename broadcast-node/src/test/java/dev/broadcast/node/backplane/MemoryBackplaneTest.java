package dev.broadcast.node.backplane;

import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

class MemoryBackplaneTest {
  @Nested
  class OneShard extends Contract {
    @Override
    BackplaneSettings settings() {
      return BackplaneSettings.defaults("test", "n1");
    }
  }

  @Nested
  class TwoShards extends Contract {
    @Override
    BackplaneSettings settings() {
      return BackplaneSettings.defaults("test", "n1").withShards(2);
    }
  }

  abstract static class Contract extends BackplaneContractTest {
    @Override
    TestNode node(BackplaneSettings settings) {
      return new TestNode(hub -> new MemoryBackplane(settings, hub, InstantSource.system()));
    }
  }
}
