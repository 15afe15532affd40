package dev.broadcast.node.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What the hub thread has decided and not handed to the loops yet: messages of one shard, which
 * leave in one piece at the end of its step, or before something else is told. Only on the hub
 * thread.
 */
final class Outbox {
  private final List<Loop> loops = new ArrayList<>();
  private final BiConsumer<String, Integer> report;
  private List<Event> events = new ArrayList<>();

  /**
   * With nobody to tell yet.
   *
   * @param report tells a receipt's origin on how many connections of this node a message was put
   */
  Outbox(BiConsumer<String, Integer> report) {
    this.report = report;
  }

  /** Another loop; from now on it is told everything. */
  void add(Loop loop) {
    loops.add(loop);
  }

  void add(Event event) {
    events.add(event);
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** Hands out the messages; with them every loop is at {@code upTo}. */
  void send(int shard, long upTo) {
    List<Event> sent = events;
    events = new ArrayList<>();
    Tally tally = null;
    for (Event event : sent) {
      if (event.entry().receipt() != null) {
        tally = tally == null ? new Tally(loops.size(), report) : tally;
        tally.expect(event);
      }
    }
    if (tally != null && loops.isEmpty()) {
      tally.finish();
    }
    tell(new Notice.Delivery(shard, sent, upTo, tally));
  }

  /** Tells all loops. */
  void tell(Notice notice) {
    for (Loop loop : loops) {
      loop.tell(notice);
    }
  }
}
