package dev.broadcast.node.backplane;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What Redis' clock shows at most now, judged by its answers: it showed T before we read T, so
 * since then at least that much went by. Never ahead of the truth unless Redis' clock is set back,
 * so a deadline given by it never comes later than meant. Only on the hub thread.
 */
final class ServerClock {
  /** So many answers are remembered; a clock that is set back is believed after as many. */
  private static final int SAMPLES = 8;

  private final LongSupplier nanoTime;
  private final long[] offsets = new long[SAMPLES];
  private int taken;

  ServerClock() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime the clock that goes on here between answers
   */
  ServerClock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Redis' answer, which has just arrived, said so. */
  void heard(long serverMillis) {
    offsets[taken++ % SAMPLES] = serverMillis - local();
    if (taken == 2 * SAMPLES) {
      taken = SAMPLES;
    }
  }

  /** Another process answers from now on, maybe on another machine. */
  void forget() {
    taken = 0;
    offsets[0] = 0;
  }

  /** What Redis' clock shows at {@link System#nanoTime} {@code nanos}, or a little less. */
  long millisAt(long nanos) {
    long best = offsets[0];
    for (int i = 1; i < Math.min(taken, SAMPLES); i++) {
      best = Math.max(best, offsets[i]);
    }
    return best + TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private long local() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
  }
}
