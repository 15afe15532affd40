package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.Missed;
import dev.broadcast.node.backplane.ShardState;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node reads one shard: in what order entries are delivered, what is a hole, what is read to
 * close it, and what a new epoch or generation undoes. A state machine without I/O, threads or
 * clocks: events are method calls, effects go to {@link Effects}, at once and in order.
 *
 * <p>Invariant: {@link #position} is the last number whose fate is decided; nothing newer is
 * delivered before every older number was delivered or said to be lost.
 */
class ShardReader {
  /** How many numbers one read of missed entries asks for, usually. */
  static final int READ_LIMIT = 500;

  /** What the reader wants done. */
  interface Effects {
    /** The first attachment: reading starts here. */
    void started(MessageId position);

    /** The next entry of the sequence. */
    void deliver(Entry entry);

    /** The next number of the sequence; history no longer holds what it was. */
    void lost(long sequence, String topic, boolean cleared);

    /** Read what came after; answer with {@link #missed} or {@link #readFailed} and this ticket. */
    void readMissed(int ticket, String epoch, long after, int limit);

    /**
     * The log is too short for the hole: go on at {@code to}; what lies after {@code from} and up
     * to there nobody listed.
     */
    void jumped(long from, MessageId to);

    /** What lies beyond {@code end} never happened in this lineage; go on from there. */
    void rewound(MessageId end);

    /** The sequence began anew; go on from its start. */
    void newEpoch(MessageId start);

    /** The lineage changed, the position did not. */
    void newGeneration(MessageId position);

    /** The epoch or generation seen is not the one known: attach again. */
    void reattach();
  }

  private final int shard;
  private final long heldLimit;
  private final int readLimit;
  private final Effects effects;

  private @Nullable Lineage lineage;
  private long position;
  private long target;
  private boolean attached;
  private boolean reading;
  private int ticket;
  private final ArrayDeque<Entry> held = new ArrayDeque<>();
  private long heldBytes;

  /**
   * @param heldLimit how many bytes of newer entries may wait while a hole is closed
   * @param readLimit how many numbers one read of missed entries asks for
   */
  ShardReader(int shard, long heldLimit, int readLimit, Effects effects) {
    this.shard = shard;
    this.heldLimit = heldLimit;
    this.readLimit = readLimit;
    this.effects = effects;
  }

  /** The place up to which everything is decided, or null before the first attachment. */
  final @Nullable MessageId position() {
    return lineage == null ? null : lineage.at(shard, position);
  }

  final @Nullable Lineage lineage() {
    return lineage;
  }

  /** Whether everything known to exist was read. */
  final boolean caughtUp() {
    return attached && !reading && position >= target;
  }

  /** The channel is subscribed and the state was read after that. */
  final void attached(ShardState state) {
    Lineage now = Lineage.of(state);
    Lineage before = lineage;
    lineage = now;
    attached = true;
    reading = false;
    ticket++;
    target = state.head();
    if (before == null) {
      position = state.head();
      effects.started(now.at(shard, position));
    } else if (!before.epoch().equals(now.epoch())) {
      position = 0;
      effects.newEpoch(now.at(shard, 0));
    } else {
      // A head before our position is no way back by itself: on another connection, a backfill
      // that was asked for later may have been answered sooner. Really going back is a generation.
      long common = agreedEnd(before, now);
      if (common < position) {
        position = common;
        effects.rewound(now.at(shard, common));
      } else if (!before.current().equals(now.current())) {
        effects.newGeneration(now.at(shard, position));
      }
    }
    String epoch = now.epoch();
    String generation = now.current();
    held.removeIf(e -> !e.id().epoch().equals(epoch) || !e.id().generation().equals(generation));
    heldBytes = held.stream().mapToLong(e -> e.payload().length).sum();
    deliverHeld();
    closeHole();
  }

  /** Up to where the old and the new lineage of one epoch agree. */
  long agreedEnd(Lineage before, Lineage now) {
    return before.commonWith(now);
  }

  /** Entries may go missing until the next {@link #attached}. */
  final void detached() {
    attached = false;
    reading = false;
    ticket++;
  }

  /** Entries from the channel, ascending, of one epoch and generation. */
  final void received(List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    if (attached && !isCurrent(entries.get(0).id())) {
      effects.reattach();
      return;
    }
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      long sequence = entry.sequence();
      if (attached && !reading && held.isEmpty() && sequence == position + 1) {
        position = sequence;
        effects.deliver(entry);
      } else if (!attached || sequence > position) {
        hold(entry);
      }
    }
    if (attached) {
      target = Math.max(target, entries.get(entries.size() - 1).sequence());
      closeHole();
    }
  }

  /** The shard's channel said, in its order, what the head was. */
  final void probed(MessageId head) {
    if (!attached) {
      return;
    }
    if (!isCurrent(head) || head.sequence() < position) {
      effects.reattach();
      return;
    }
    target = Math.max(target, head.sequence());
    closeHole();
  }

  /** What {@link Effects#readMissed} asked for. */
  final void missed(int forTicket, Missed missed) {
    if (forTicket != ticket || !reading) {
      return;
    }
    reading = false;
    Lineage now = Lineage.of(missed.state());
    if (!now.equals(lineage)) {
      effects.reattach();
      return;
    }
    long before = position;
    target = Math.max(target, missed.state().head());
    if (missed.logStartsAfter() > position) {
      jump(missed.state().head());
    } else {
      for (Missed.Item item : missed.items()) {
        if (item.sequence() != position + 1) {
          jump(missed.state().head());
          break;
        }
        position = item.sequence();
        if (item instanceof Missed.Kept kept) {
          effects.deliver(kept.entry());
        } else if (item instanceof Missed.Gone gone) {
          effects.lost(gone.sequence(), gone.topic(), gone.cleared());
        }
      }
    }
    if (position == before) {
      // The master knows of nothing newer, or its log does not name it: never ask the same twice.
      jump(missed.state().head());
      target = position;
    }
    deliverHeld();
    closeHole();
  }

  /** The read did not come off; the next probe or attachment tries again. */
  final void readFailed(int forTicket) {
    if (forTicket == ticket) {
      reading = false;
    }
  }

  /** Asks for what is missing, if anything is and nobody asked yet. */
  void closeHole() {
    Lineage known = lineage;
    if (known != null && attached && !reading && position < target) {
      reading = true;
      effects.readMissed(++ticket, known.epoch(), position, readLimit);
    }
  }

  private void jump(long to) {
    Lineage known = lineage;
    if (known != null && to > position) {
      long from = position;
      position = to;
      effects.jumped(from, known.at(shard, to));
    }
  }

  private void hold(Entry entry) {
    if (heldBytes + entry.payload().length > heldLimit) {
      held.clear();
      heldBytes = 0;
      return; // the hole grows: target still counts them
    }
    held.add(entry);
    heldBytes += entry.payload().length;
  }

  private void deliverHeld() {
    while (!held.isEmpty() && held.element().sequence() <= position + 1) {
      Entry entry = held.remove();
      heldBytes -= entry.payload().length;
      if (entry.sequence() == position + 1) {
        position++;
        effects.deliver(entry);
      }
    }
    if (!held.isEmpty()) {
      target = Math.max(target, held.getLast().sequence());
    }
  }

  private boolean isCurrent(MessageId id) {
    Lineage known = lineage;
    return known != null
        && known.epoch().equals(id.epoch())
        && known.current().equals(id.generation());
  }
}
