package dev.broadcast.node.hub;

import java.util.ArrayList;
import java.util.List;

/**
 * The messages of a page: those of several topics brought into ascending order, shard after shard,
 * as far as the page has room. Only on the hub thread.
 */
final class PageEvents {
  private final Replay.Limits limits;
  private final List<Event> events = new ArrayList<>();
  private int bytes;

  PageEvents(Replay.Limits limits) {
    this.limits = limits;
  }

  /** As they were added. */
  List<Event> all() {
    return events;
  }

  /**
   * Adds a shard's messages.
   *
   * @param sources a topic's messages each, ascending
   * @param bound only those up to this number
   * @param at where the walker stands in the shard
   * @return where it stands after them
   */
  long add(List<List<Event>> sources, long bound, long at) {
    int[] next = new int[sources.size()];
    while (true) {
      int least = -1;
      for (int i = 0; i < next.length; i++) {
        List<Event> source = sources.get(i);
        if (next[i] < source.size()
            && (least < 0
                || source.get(next[i]).sequence()
                    < sources.get(least).get(next[least]).sequence())) {
          least = i;
        }
      }
      if (least < 0 || sources.get(least).get(next[least]).sequence() > bound) {
        return Math.max(bound, at);
      }
      if (events.size() >= limits.messages() || bytes >= limits.bytes()) {
        // Everything of this shard before the first message left out was taken.
        return Math.max(at, sources.get(least).get(next[least]).sequence() - 1);
      }
      Event event = sources.get(least).get(next[least]++);
      events.add(event);
      bytes += event.entry().payload().length;
    }
  }
}
