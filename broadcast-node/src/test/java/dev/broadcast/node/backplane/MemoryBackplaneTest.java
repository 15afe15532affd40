package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

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

  /** A burst is cheap because what answered publishers send next leaves with it: decision 0004. */
  @Test
  void answersAllWhoPublishedBeforeTheFanOutOfWhatTheySent() {
    Queue<Runnable> hubThread = new ArrayDeque<>();
    List<String> order = new ArrayList<>();
    var backplane =
        new MemoryBackplane(
            BackplaneSettings.defaults("test", "n1"), hubThread::add, InstantSource.system());
    CompletableFuture<Boolean> started =
        backplane.start(
            new RecordingFeed() {
              @Override
              public synchronized void received(int shard, List<Entry> entries) {
                order.add("fan-out of " + entries.size());
              }
            });
    List<CompletableFuture<Boolean>> answers =
        Stream.of("a", "b", "c")
            .map(
                name ->
                    backplane
                        .publish(new Publication("topic", name.getBytes(UTF_8), null, null))
                        .thenApply(outcome -> order.add("answer to " + name)))
            .toList();

    for (Runnable next; (next = hubThread.poll()) != null; ) {
      next.run();
    }

    assertTrue(started.isDone());
    assertTrue(answers.stream().allMatch(CompletableFuture::isDone));
    assertEquals(List.of("answer to a", "answer to b", "answer to c", "fan-out of 3"), order);
  }
}
