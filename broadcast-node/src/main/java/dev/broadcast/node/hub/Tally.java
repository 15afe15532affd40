package dev.broadcast.node.hub;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts, over all event loops of this node, on how many connections the messages of one delivery
 * were put that somebody wants a receipt for. Filled on the hub thread, counted on every loop once.
 */
final class Tally {
  private final AtomicInteger loopsLeft;
  private final BiConsumer<String, Integer> report;
  private final Map<Event, AtomicInteger> counts = new HashMap<>();

  Tally(int loops, BiConsumer<String, Integer> report) {
    loopsLeft = new AtomicInteger(loops);
    this.report = report;
  }

  void expect(Event event) {
    counts.put(event, new AtomicInteger());
  }

  /** On a loop: the message concerns so many of its connections. */
  void add(Event event, int connections) {
    AtomicInteger count = counts.get(event);
    if (count != null) {
      count.addAndGet(connections);
    }
  }

  /** A loop has looked at all messages. */
  void loopDone() {
    if (loopsLeft.decrementAndGet() == 0) {
      finish();
    }
  }

  void finish() {
    counts.forEach(
        (event, count) -> {
          @Nullable String receipt = event.entry().receipt();
          if (receipt != null) {
            report.accept(receipt, count.get());
          }
        });
  }
}
