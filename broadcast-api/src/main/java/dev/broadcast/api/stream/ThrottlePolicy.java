package dev.broadcast.api.stream;

import java.time.Duration;

/**
 * How far a stream is slowed down: something leaves at most every {@code minInterval}, and what
 * waits meanwhile is the latest of each key. Immutable.
 *
 * @param minInterval more than 0
 * @param maxBuffered how many keys may wait; beyond that the one that waits longest is dropped. 1
 *     or more
 */
public record ThrottlePolicy(Duration minInterval, int maxBuffered) {
  /** As many as a slow connection's queue holds. */
  public static final int DEFAULT_MAX_BUFFERED = 256;

  public ThrottlePolicy {
    if (minInterval.isZero() || minInterval.isNegative()) {
      throw new IllegalArgumentException("minInterval: more than 0 expected");
    }
    if (maxBuffered < 1) {
      throw new IllegalArgumentException("maxBuffered: at least 1 expected, not " + maxBuffered);
    }
  }

  /** At most so often. */
  public static ThrottlePolicy every(Duration minInterval) {
    return new ThrottlePolicy(minInterval, DEFAULT_MAX_BUFFERED);
  }

  /** With so many keys waiting at most. */
  public ThrottlePolicy buffering(int keys) {
    return new ThrottlePolicy(minInterval, keys);
  }
}
