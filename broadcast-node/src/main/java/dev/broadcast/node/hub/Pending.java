package dev.broadcast.node.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What waits for the next tick of a throttled connection: the latest message of each topic. A state
 * machine without I/O, threads or clocks of its own. Messages are offered in the order of their
 * shard, live ones and replayed ones alike; so all that were offered and not taken lie after all
 * that were taken.
 */
class Pending {
  /**
   * What waits of one topic.
   *
   * @param first number of the first message that waits or was conflated away by a later one
   */
  private record Waiting(Event latest, long first) {}

  private static final Comparator<Event> ORDER =
      Comparator.comparingInt(Event::shard).thenComparingLong(Event::sequence);

  private final long interval;
  private final Map<String, Waiting> byTopic = new HashMap<>(4);
  private long due = Long.MIN_VALUE;
  private boolean ticked;

  /**
   * With nothing that waits; the first message need not.
   *
   * @param interval nanoseconds between two ticks
   */
  Pending(long interval) {
    this.interval = interval;
  }

  void offer(Event event) {
    Waiting before = byTopic.get(event.topic());
    byTopic.put(
        event.topic(), new Waiting(event, before == null ? event.sequence() : before.first));
  }

  boolean isEmpty() {
    return byTopic.isEmpty();
  }

  /** How long until what waits may leave, in nanoseconds; 0 for now. */
  long untilDue(long now) {
    return ticked ? Math.max(0, due - now) : 0;
  }

  /**
   * Where a client stands, as long as nothing that waits was sent.
   *
   * @param processed up to where messages were offered, one a shard
   * @return the same, but before the first message that waits
   */
  long[] before(long[] processed, Selection selection) {
    long[] at = processed.clone();
    for (Waiting waiting : byTopic.values()) {
      int index = selection.indexOf(waiting.latest.shard());
      at[index] = Math.min(at[index], waiting.first - 1);
    }
    return at;
  }

  /**
   * Takes all that waits, shard after shard, each ascending; the next tick is an interval away.
   *
   * @param last the shard that comes last, because the stream ends with it; negative for any
   */
  List<Event> take(long now, int last) {
    List<Event> events = new ArrayList<>(byTopic.size());
    byTopic.values().forEach(waiting -> events.add(waiting.latest));
    events.sort(
        last < 0
            ? ORDER
            : Comparator.<Event>comparingInt(e -> e.shard() == last ? 1 : 0).thenComparing(ORDER));
    byTopic.clear();
    due = now + interval;
    ticked = true;
    return events;
  }

  /**
   * Forgets what waits of a shard.
   *
   * @return the number before the first message forgotten, from which they can be offered again;
   *     negative if there was none
   */
  long forget(int shard) {
    long first = Long.MAX_VALUE;
    for (Waiting waiting : byTopic.values()) {
      if (waiting.latest.shard() == shard) {
        first = Math.min(first, waiting.first);
      }
    }
    byTopic.values().removeIf(waiting -> waiting.latest.shard() == shard);
    return first == Long.MAX_VALUE ? -1 : first - 1;
  }
}
