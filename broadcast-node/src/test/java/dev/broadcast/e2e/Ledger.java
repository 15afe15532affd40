package dev.broadcast.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What all publishers tried and how it ended. Any thread. */
final class Ledger {

  private final List<Sent> sent = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  synchronized void add(Sent message) {
    sent.add(message);
    notifyAll();
  }

  /**
   * Notes an attempt that was not acknowledged, whether it is tried again or not.
   *
   * @param answer what came instead
   */
  synchronized void attemptFailed(String answer) {
    failures.add(answer);
    notifyAll();
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  synchronized List<Sent> all() {
    return List.copyOf(sent);
  }

  List<Sent> acknowledged() {
    return all().stream().filter(it -> it.outcome() == Sent.Outcome.ACKNOWLEDGED).toList();
  }

  /** Waits until {@code more} messages have been acknowledged or given up since now. */
  void awaitProgress(int more, Duration within) {
    awaitGrowth("messages", more, within, ledger -> ledger.sent.size());
  }

  /** Waits until {@code more} attempts have failed since now: the fault is felt. */
  void awaitFailures(int more, Duration within) {
    awaitGrowth("failed attempts", more, within, ledger -> ledger.failures.size());
  }

  private synchronized void awaitGrowth(
      String what, int more, Duration within, ToLongFunction<Ledger> count) {
    long goal = count.applyAsLong(this) + more;
    long deadline = System.nanoTime() + within.toNanos();
    try {
      while (count.applyAsLong(this) < goal) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          long missing = goal - count.applyAsLong(this);
          throw new AssertionError(
              missing + " of " + more + " " + what + " missing after " + within);
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted waiting for " + what, e);
    }
  }
}
