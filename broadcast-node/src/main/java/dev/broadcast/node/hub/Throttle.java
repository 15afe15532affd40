package dev.broadcast.node.hub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of a throttled connection leave: what waits ({@link Pending}) goes at its tick,
 * when the socket takes it. Only on its event loop.
 */
final class Throttle {
  private final Pending pending;
  private final Connection connection;
  private final Loop loop;
  private final SendQueue queue;
  private final Teller teller;
  private boolean ticking;

  Throttle(Pending pending, Connection connection, Loop loop, SendQueue queue, Teller teller) {
    this.pending = pending;
    this.connection = connection;
    this.loop = loop;
    this.queue = queue;
    this.teller = teller;
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** Messages of a page wait as live ones do; answers where the stream ends, if it does. */
  long @Nullable [] offer(Page page) {
    long[] at = page.from().clone();
    for (Event event : page.events()) {
      at[selection().indexOf(event.shard())] = event.sequence();
      if (selection().matches(event.payload(), connection.id())) {
        pending.offer(event);
        if (selection().ends(event.payload())) {
          send(at, event.shard());
          return at;
        }
      }
    }
    sendIfDue(page.upTo());
    return null;
  }

  /** Messages of its cohort, while it is live. */
  void offer(List<Event> events) {
    events.forEach(pending::offer);
    Event last = events.get(events.size() - 1);
    long[] processed = connection.cohort().cursors().headBut(last.shard(), last.sequence());
    if (selection().ends(last.payload())) {
      send(processed, last.shard());
    } else {
      sendIfDue(processed);
    }
  }

  /**
   * Sends what waits, if it is time to and the socket takes it; else comes back then.
   *
   * @param processed up to where messages were offered, one a shard
   */
  void sendIfDue(long[] processed) {
    if (pending.isEmpty() || !connection.listed() || !queue.idle()) {
      return;
    }
    long left = pending.untilDue(loop.nanoTime());
    if (left == 0) {
      send(processed);
    } else if (!ticking) {
      ticking = true;
      loop.later(
          left,
          () -> {
            ticking = false;
            connection.sendIfDue();
          });
    }
  }

  /** Sends what waits at once. */
  void send(long[] processed) {
    send(processed, -1);
  }

  private void send(long[] processed, int last) {
    if (!pending.isEmpty()) {
      long[] before = before(processed);
      teller.latest(pending.take(loop.nanoTime(), last), before);
    }
  }

  /** What waits of a shard may never have happened; answers where to offer it again from, or -1. */
  long forget(int index) {
    return pending.forget(selection().shards().get(index));
  }

  /** Where a client stands that has none of what waits. */
  long[] before(long[] processed) {
    return pending.before(processed, selection());
  }

  private Selection selection() {
    return connection.selection();
  }
}
