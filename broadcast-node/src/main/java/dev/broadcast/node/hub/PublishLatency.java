package dev.broadcast.node.hub;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long messages take from the backplane's clock to the sockets of live connections. The
 * backplane stamps milliseconds, so that is what is counted; one look a message, not one a
 * connection. Any thread.
 */
final class PublishLatency {
  private static final long[] BOUNDS = {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000};

  private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
  private final LongAdder sum = new LongAdder();

  /** The backplane's milliseconds at local nanosecond 0. */
  private volatile long offset;

  PublishLatency() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** The backplane's clock showed this at that local time. */
  void heard(long serverMillis, long nanos) {
    offset = serverMillis - TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /** All of them went to so many connections just now. */
  void delivered(List<Event> run, int first, int end, int connections, long nanos) {
    if (connections > 0) {
      long now = offset + TimeUnit.NANOSECONDS.toMillis(nanos);
      for (int i = first; i < end; i++) {
        add(now - run.get(i).entry().timestamp(), connections);
      }
    }
  }

  /** The same of one. */
  void delivered(Event event, long nanos) {
    add(offset + TimeUnit.NANOSECONDS.toMillis(nanos) - event.entry().timestamp(), 1);
  }

  private void add(long millis, int connections) {
    int bucket = 0;
    while (bucket < BOUNDS.length && millis > BOUNDS[bucket]) {
      bucket++;
    }
    counts[bucket].add(connections);
    if (millis > 0) { // The clock is known a little late, which makes what is fast seem faster.
      sum.add(millis * connections);
    }
  }

  LatencyFigures figures() {
    long[] read = new long[counts.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = counts[i].sum();
    }
    return LatencyFigures.of(BOUNDS, read, sum.sum());
  }
}
