package dev.broadcast.front;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One cluster a setup for all tests of a class: starting nodes is most of a short test's time. */
final class SharedClusters implements AfterAllCallback {
  private final String[] flags;
  private final Map<TestCluster.Setup, TestCluster> running =
      new EnumMap<>(TestCluster.Setup.class);

  SharedClusters(String... flags) {
    this.flags = flags;
  }

  synchronized TestCluster on(TestCluster.Setup setup) {
    return running.computeIfAbsent(setup, s -> TestCluster.start(s, flags));
  }

  @Override
  public synchronized void afterAll(ExtensionContext context) {
    running.values().forEach(TestCluster::close);
    running.clear();
  }
}
