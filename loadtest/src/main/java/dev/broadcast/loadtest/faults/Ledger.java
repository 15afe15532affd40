package dev.broadcast.loadtest.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was published since the last step was judged. Any thread. */
final class Ledger {
  private List<Sent> sent = new ArrayList<>();
  private final Map<String, Long> numbers = new HashMap<>();
  private final Map<String, Long> judged = new HashMap<>();
  private long acknowledged;
  private long lastAcknowledged = System.nanoTime();
  private long longestSilence;

  /** Opens a message; it has its number from here. */
  synchronized Sent open(String publisher, String topic, String type, List<String> targets) {
    long number = numbers.merge(publisher + "|" + topic, 1L, Long::sum);
    Sent message = new Sent(publisher, topic, number, type, targets);
    sent.add(message);
    return message;
  }

  /** A message was acknowledged just now. */
  synchronized void acknowledged() {
    long now = System.nanoTime();
    longestSilence = Math.max(longestSilence, now - lastAcknowledged);
    lastAcknowledged = now;
    acknowledged++;
    notifyAll();
  }

  /** Waits until that many more are acknowledged. */
  synchronized void awaitAcknowledged(int more, Duration within) throws InterruptedException {
    long goal = acknowledged + more;
    long deadline = System.nanoTime() + within.toNanos();
    while (acknowledged < goal) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IllegalStateException(
            "publishing does not come back: of "
                + more
                + " messages "
                + (goal - acknowledged)
                + " were not acknowledged within "
                + within.toSeconds()
                + " s");
      }
      wait(left);
    }
  }

  /** The longest time without an acknowledgement since the last step, in nanoseconds. */
  synchronized long longestSilence() {
    return longestSilence;
  }

  synchronized List<Sent> sent() {
    return List.copyOf(sent);
  }

  /** Whether it belongs to a step that is judged already. */
  synchronized boolean isOld(String data) {
    int bar = data.lastIndexOf('|');
    Long through = judged.get(data.substring(0, Math.max(0, bar)));
    return through != null && Long.parseLong(data.substring(bar + 1)) <= through;
  }

  /** Forgets what was judged; publishers rest. */
  synchronized void nextStep() {
    judged.putAll(numbers);
    sent = new ArrayList<>();
  }

  /** Publishers begin again. */
  synchronized void begin() {
    lastAcknowledged = System.nanoTime();
    longestSilence = 0;
  }
}
