package dev.broadcast.api.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that double from {@code min} to {@code max}, each drawn at random from a half of it to the
 * whole: clients that lost the same node do not come back in step. Not thread-safe.
 */
final class Backoff {
  private final Duration min;
  private final Duration max;
  private int failures;

  Backoff(Duration min, Duration max) {
    this.min = min;
    this.max = max;
  }

  Duration next() {
    long doubled = min.toNanos() << Math.min(failures++, 20);
    long longest = doubled <= 0 ? max.toNanos() : Math.min(doubled, max.toNanos());
    return Duration.ofNanos(longest - ThreadLocalRandom.current().nextLong(longest / 2 + 1));
  }

  void reset() {
    failures = 0;
  }
}
