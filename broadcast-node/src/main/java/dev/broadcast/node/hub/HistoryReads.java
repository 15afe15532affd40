package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.HistoryRead;
import dev.broadcast.node.backplane.ShardState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of history for walkers: who asks for what is already being read shares the answer, and only
 * a few reads are in flight, so that a storm of reconnects costs Redis no more than its distinct
 * questions. Only on the hub thread.
 */
final class HistoryReads {
  /** Reads in flight at once. */
  static final int IN_FLIGHT = 8;

  private final Backplane backplane;
  private final Map<Object, List<BiConsumer<Object, @Nullable Throwable>>> waiting =
      new HashMap<>();
  private final Queue<Runnable> queue = new ArrayDeque<>();
  private int inFlight;

  HistoryReads(Backplane backplane) {
    this.backplane = backplane;
  }

  private record Pages(int shard, String epoch, List<String> topics, long after, int limit) {}

  private record Latest(String topic, int limit) {}

  private record State(int shard) {}

  void read(
      int shard,
      String epoch,
      List<String> topics,
      long after,
      int limit,
      BiConsumer<HistoryRead, @Nullable Throwable> then) {
    ask(
        new Pages(shard, epoch, topics, after, limit),
        () -> backplane.read(shard, epoch, topics, after, limit),
        true,
        then);
  }

  void readLast(String topic, int limit, BiConsumer<HistoryRead, @Nullable Throwable> then) {
    ask(new Latest(topic, limit), () -> backplane.readLast(topic, limit), true, then);
  }

  /**
   * Never shares an answer that is already under way: it may be older than the cursor it is to
   * judge, which would then seem to come from the future.
   */
  void state(int shard, BiConsumer<ShardState, @Nullable Throwable> then) {
    ask(new State(shard), () -> backplane.state(shard), false, then);
  }

  // FutureReturnValueIgnored: a failure is the askers' to handle.
  @SuppressWarnings({
    "unchecked",
    "FutureReturnValueIgnored"
  }) // a question's key and its answer's type belong together above
  private <T> void ask(
      Object question,
      Supplier<CompletableFuture<T>> read,
      boolean shareUnderWay,
      BiConsumer<T, @Nullable Throwable> then) {
    var asker = (BiConsumer<Object, @Nullable Throwable>) (BiConsumer<?, ?>) then;
    List<BiConsumer<Object, @Nullable Throwable>> known = waiting.get(question);
    if (known != null) {
      known.add(asker);
      return;
    }
    List<BiConsumer<Object, @Nullable Throwable>> askers = new ArrayList<>(List.of(asker));
    waiting.put(question, askers);
    queue.add(
        () -> {
          if (!shareUnderWay) {
            waiting.remove(question);
          }
          read.get()
              .whenComplete(
                  (answer, failure) -> {
                    inFlight--;
                    if (shareUnderWay) {
                      waiting.remove(question);
                    }
                    next();
                    askers.forEach(a -> a.accept(answer, failure));
                  });
        });
    next();
  }

  private void next() {
    while (inFlight < IN_FLIGHT && !queue.isEmpty()) {
      inFlight++;
      queue.remove().run();
    }
  }
}
