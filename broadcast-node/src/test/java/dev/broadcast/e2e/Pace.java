package dev.broadcast.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How fast a client reads: at full speed, not at all, or one byte at a time. Any thread. */
final class Pace {

  private boolean stalled;
  private Duration interval = Duration.ZERO;

  /** Full speed. */
  synchronized void full() {
    stalled = false;
    interval = Duration.ZERO;
    notifyAll();
  }

  synchronized void stall() {
    stalled = true;
  }

  /** One byte each {@code every}. */
  synchronized void drip(Duration every) {
    stalled = false;
    interval = every;
    notifyAll();
  }

  /**
   * Waits while stalled, and the interval when dripping.
   *
   * @return how many bytes may be read now, at most {@code wanted}
   */
  int awaitTurn(int wanted) throws InterruptedException {
    Duration pause;
    synchronized (this) {
      while (stalled) {
        wait();
      }
      pause = interval;
    }
    if (pause.isZero()) {
      return wanted;
    }
    LockSupport.parkNanos(pause.toNanos());
    return 1;
  }
}
