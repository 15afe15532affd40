package dev.broadcast.node.backplane;

import dev.broadcast.testing.RedisCluster;
import dev.broadcast.testing.TestRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** All contracts once more, with a Redis Cluster of three masters. */
class RedisClusterTest {
  @TempDir static Path directory;
  private static RedisCluster redis;

  @BeforeAll
  static void start() {
    redis = RedisCluster.start(directory, 3, false);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static RedisBackplane backplane(BackplaneSettings settings, Executor hub) {
    return new RedisBackplane(settings, redis.url(), hub);
  }

  private static TestNode node(BackplaneSettings settings) {
    return new TestNode(hub -> backplane(settings, hub));
  }

  private static BackplaneSettings over(int shards) {
    return BackplaneSettings.defaults(TestRedis.freshPrefix(), "n1").withShards(shards);
  }

  @Nested
  class Publishing extends PublishingContractTest {
    Publishing() {
      super(RedisClusterTest::node, over(1));
    }
  }

  @Nested
  class PublishingOnTwoShards extends PublishingContractTest {
    PublishingOnTwoShards() {
      super(RedisClusterTest::node, over(2));
    }
  }

  @Nested
  class History extends HistoryContractTest {
    History() {
      super(RedisClusterTest::node, over(1));
    }
  }

  @Nested
  class HistoryOnTwoShards extends HistoryContractTest {
    HistoryOnTwoShards() {
      super(RedisClusterTest::node, over(2));
    }
  }

  /** Two nodes with three shards. */
  private static final class Two implements AutoCloseable {
    private final String prefix = TestRedis.freshPrefix();
    private final List<TestNode> nodes = new ArrayList<>();

    RedisBackplane node(int index) {
      while (nodes.size() <= index) {
        BackplaneSettings settings =
            BackplaneSettings.defaults(prefix, "n" + (nodes.size() + 1)).withShards(3);
        nodes.add(new TestNode(hub -> backplane(settings, hub)));
        nodes.get(nodes.size() - 1).start();
      }
      return (RedisBackplane) nodes.get(index).backplane;
    }

    void end() {
      nodes.forEach(TestNode::close);
      nodes.clear();
    }

    @Override
    public void close() {
      end();
    }
  }

  @Nested
  class Nodes extends RosterContractTest {
    private final Two two = new Two();

    @Override
    Roster roster() {
      return two.node(0).roster();
    }

    @Override
    void end(Roster roster) {
      two.end();
    }

    @AfterEach
    void end() {
      two.close();
    }
  }

  @Nested
  class Sold extends TicketsContractTest {
    private final Two two = new Two();

    @Override
    Tickets tickets() {
      return two.node(0).tickets();
    }

    @Override
    Tickets others() {
      return two.node(1).tickets();
    }

    @AfterEach
    void end() {
      two.close();
    }
  }

  @Nested
  class Words extends VocabularyContractTest {
    private final Two two = new Two();

    @Override
    Vocabulary vocabulary() {
      return two.node(0).vocabulary();
    }

    @Override
    Vocabulary others() {
      return two.node(1).vocabulary();
    }

    @AfterEach
    void end() {
      two.close();
    }
  }
}
