package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Opens many streams, some at once, and waits until all are open. */
final class Opener {
  static final int AT_ONCE = 128;
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

  /** Begins to open one more stream. */
  @FunctionalInterface
  interface Begin {
    void next(int number) throws IOException;
  }

  private Opener() {}

  /**
   * Opens {@code count} streams, at most {@code atOnce} of them under way.
   *
   * @param opened how many of them are open, as their owner counts them
   * @param failures what went wrong, as their owner notes it; the first ends it
   */
  static void open(
      Loop loop, int count, int atOnce, Begin begin, IntSupplier opened, List<Exception> failures)
      throws IOException {
    long limit = System.nanoTime() + LIMIT;
    int begun = 0;
    while (opened.getAsInt() < count) {
      while (begun < count && begun - opened.getAsInt() < atOnce) {
        begin.next(begun++);
      }
      loop.select(100);
      if (!failures.isEmpty()) {
        Exception why = failures.get(0);
        throw new IOException("a stream could not be opened: " + why.getMessage(), why);
      }
      if (System.nanoTime() - limit > 0) {
        throw new IOException(
            "only " + opened.getAsInt() + " of " + count + " streams opened within 60 s");
      }
    }
  }
}
