package dev.broadcast.node.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * One topic's latest messages in memory: all of them after {@link #from}, up to the position of the
 * node. Only on the hub thread.
 */
final class Ring {
  private final Deque<Event> events = new ArrayDeque<>();
  private long from;
  private long cut;
  private long received;
  private long bytes = 200; // an empty one costs memory, too

  /** Knows nothing before {@code from}. */
  Ring(long from) {
    this.from = from;
  }

  /** Every message of the topic with a greater number is here. */
  long from() {
    return from;
  }

  long bytes() {
    return bytes;
  }

  int size() {
    return events.size();
  }

  /** Messages that came since it began; those learned later are not among them. */
  long received() {
    return received;
  }

  void append(Event event) {
    events.addLast(event);
    received++;
    bytes += event.weight();
  }

  /** Drops the oldest message. */
  void dropOldest() {
    Event event = events.removeFirst();
    bytes -= event.weight();
    from = Math.max(from, event.sequence());
  }

  /** Knows nothing any more at or before {@code sequence}. */
  void cutBefore(long sequence) {
    while (!events.isEmpty() && events.getFirst().sequence() <= sequence) {
      bytes -= events.removeFirst().weight();
    }
    from = Math.max(from, sequence);
    cut = Math.max(cut, sequence);
  }

  /** Whether messages after {@code sequence} may be learned: none of them was cleared or lost. */
  boolean reachesBackTo(long sequence) {
    return sequence >= cut;
  }

  /** Drops what never happened: everything after {@code end}. */
  void cutAfter(long end) {
    while (!events.isEmpty() && events.getLast().sequence() > end) {
      bytes -= events.removeLast().weight();
    }
    from = Math.min(from, end);
    cut = Math.min(cut, end);
  }

  /** Drops what is older than {@code timestamp}. */
  void expire(long timestamp) {
    while (!events.isEmpty() && events.getFirst().entry().timestamp() < timestamp) {
      dropOldest();
    }
  }

  /**
   * Learns older messages.
   *
   * @param older ascending, all of the topic's messages after {@code newFrom} and up to {@link
   *     #from}
   */
  void extend(long newFrom, List<Event> older) {
    for (int i = older.size() - 1; i >= 0; i--) {
      events.addFirst(older.get(i));
      bytes += older.get(i).weight();
    }
    from = newFrom;
  }

  /** At most {@code limit} messages after {@code sequence}, ascending. */
  List<Event> after(long sequence, int limit) {
    // Walkers mostly want the newest part: look for its beginning from the end.
    Iterator<Event> back = events.descendingIterator();
    int newer = 0;
    while (back.hasNext() && back.next().sequence() > sequence) {
      newer++;
    }
    List<Event> found = new ArrayList<>(Math.min(newer, limit));
    if (newer == 0) {
      return found;
    }
    Iterator<Event> it = events.iterator();
    for (int skip = events.size() - newer; skip > 0; skip--) {
      it.next();
    }
    while (it.hasNext() && found.size() < limit) {
      found.add(it.next());
    }
    return found;
  }
}
