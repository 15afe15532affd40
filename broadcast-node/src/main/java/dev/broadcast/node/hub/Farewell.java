package dev.broadcast.node.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Ends all streams of a node one after the other, so that those who come back do not come at once,
 * and cuts what has not ended when time is up.
 */
final class Farewell {
  /** Streams a second at which a small node is emptied; a large one takes half of its time. */
  private static final double AT_MOST_PER_SECOND = 1000;

  private static final Duration STEP = Duration.ofMillis(20);

  private final List<Loop> loops;
  private final IntSupplier open;
  private final LongSupplier nanoTime;
  private final BiConsumer<Duration, Runnable> timer;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  /**
   * @param timer runs a step after some time
   */
  Farewell(
      List<Loop> loops,
      IntSupplier open,
      LongSupplier nanoTime,
      BiConsumer<Duration, Runnable> timer) {
    this.timer = timer;
    this.loops = loops;
    this.open = open;
    this.nanoTime = nanoTime;
  }

  /** Completes when no stream is open, at the latest about {@code within} from now. */
  CompletableFuture<Void> say(Duration within) {
    long start = nanoTime.getAsLong();
    long cut = start + within.toNanos() * 8 / 10;
    double seconds = Math.min(within.toMillis() / 2000.0, open.getAsInt() / AT_MOST_PER_SECOND);
    int steps = (int) Math.max(1, seconds * 1000 / STEP.toMillis());
    for (Loop loop : loops) {
      loop.execute(() -> closeSome(loop, new ArrayDeque<>(loop.connections()), steps));
    }
    waitForAll(cut);
    return done;
  }

  private void closeSome(Loop loop, Queue<Connection> left, int steps) {
    for (int n = (left.size() + steps - 1) / steps; n > 0; n--) {
      left.remove().close(CloseReason.DRAINING);
    }
    if (!left.isEmpty()) {
      later(() -> loop.execute(() -> closeSome(loop, left, steps - 1)));
    } else {
      // Who was admitted just before and opened meanwhile.
      loop.connections().forEach(connection -> connection.close(CloseReason.DRAINING));
    }
  }

  private void waitForAll(long cut) {
    if (open.getAsInt() == 0) {
      done.complete(null);
    } else if (nanoTime.getAsLong() - cut > 0) {
      for (Loop loop : loops) {
        loop.execute(() -> loop.connections().forEach(c -> c.abort(CloseReason.DRAINING)));
      }
      later(() -> done.complete(null));
    } else {
      later(() -> waitForAll(cut));
    }
  }

  private void later(Runnable step) {
    timer.accept(
        STEP,
        () -> {
          if (!done.isDone()) { // else the loops may be gone
            step.run();
          }
        });
  }
}
