package dev.broadcast.node.hub;

import java.util.function.LongSupplier;

/**
 * The backplane's clock as this node knows it: what it last said, plus the time that passed here
 * since. So a node whose own clock is a day off ages nothing wrongly. Only on the hub thread.
 */
final class BackplaneClock implements LongSupplier {
  private final LongSupplier nanoTime;
  private long heardMillis;
  private long heardNanos;

  BackplaneClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void heard(long serverMillis) {
    heardMillis = serverMillis;
    heardNanos = nanoTime.getAsLong();
  }

  /** When it said so. */
  long heardNanos() {
    return heardNanos;
  }

  @Override
  public long getAsLong() {
    return heardMillis + (nanoTime.getAsLong() - heardNanos) / 1_000_000;
  }
}
