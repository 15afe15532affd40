package dev.broadcast.loadtest.client;

/**
 * When messages are due, in {@link System#nanoTime()}.
 *
 * <p>With a rate, message i is due at {@code start + i/rate} however slow the server is, and stays
 * due until it is sent: its latency counts from there, so a server that stalls cannot hide the
 * messages it kept from being sent (coordinated omission). Back to back there is no such moment: a
 * message is due when a publisher is free.
 */
final class Schedule {
  private final long start;
  private final double rate;
  private final long total;
  private final long end;
  private long taken;

  Schedule(double rate, long start, long durationNanos) {
    this.rate = rate;
    this.start = start;
    this.end = start + durationNanos;
    this.total = rate == 0 ? Long.MAX_VALUE : Math.max(1, Math.round(rate * durationNanos / 1e9));
  }

  /** Whether nothing will become due any more. */
  boolean over(long now) {
    return rate == 0 ? now - end >= 0 : taken == total;
  }

  /** How long until the next message is due; 0 or less when it is. Only while not {@link #over}. */
  long nanosToNext(long now) {
    return rate == 0 ? 0 : due(taken) - now;
  }

  /** Takes the next message and says when it was due. */
  long take(long now) {
    return rate == 0 ? now : due(taken++);
  }

  /** How many were due until now and not taken. */
  long overdue(long now) {
    if (rate == 0) {
      return 0;
    }
    long due = (long) Math.floor((now - start) / 1e9 * rate) + 1;
    return Math.min(due, total) - taken;
  }

  private long due(long number) {
    return start + (long) (number / rate * 1e9);
  }
}
