package dev.broadcast.node.backplane;

import dev.broadcast.node.backplane.PublishOutcome.NotStored;
import dev.broadcast.node.backplane.PublishOutcome.Unknown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What waits to be published into one shard: in order, within a bound, and each answered when its
 * time is up. Only on the hub thread.
 */
final class PublishQueue {
  private static final int BATCH_BYTES = 1 << 20;

  /** What may wait in memory while Redis is away. */
  private static final long MOST_BYTES = 64L << 20;

  private final long margin;
  private final Deque<PublishItem> waiting = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  /**
   * With nothing in it.
   *
   * @param margin how many nanoseconds before its deadline an item must be on its way
   */
  PublishQueue(long margin) {
    this.margin = margin;
  }

  /** The last one; or it is answered at once, where there is no room for it. */
  void add(PublishItem item) {
    if (closed) {
      item.answer(new NotStored("the node is closed"));
    } else if (bytes + item.bytes() > MOST_BYTES) {
      item.answer(new NotStored("too much waits to be published"));
    } else {
      waiting.addLast(item);
      bytes += item.bytes();
    }
  }

  /** What travels together next; empty if nothing can. */
  List<PublishItem> take(long now) {
    List<PublishItem> batch = new ArrayList<>();
    long taken = 0;
    while (!waiting.isEmpty() && batch.size() < PublishScript.MAX_ITEMS) {
      PublishItem next = waiting.getFirst();
      if (!batch.isEmpty() && taken + next.bytes() > BATCH_BYTES) {
        break;
      }
      if (now - (next.deadline() - margin) >= 0) {
        break; // Its answer could not be there in time.
      }
      waiting.removeFirst();
      bytes -= next.bytes();
      taken += next.bytes();
      batch.add(next);
    }
    return batch;
  }

  /** Puts what is to be tried again before all others, but for what was answered meanwhile. */
  void putBack(List<PublishItem> batch) {
    for (int i = batch.size() - 1; i >= 0; i--) {
      PublishItem item = batch.get(i);
      if (!item.isAnswered()) {
        waiting.addFirst(item);
        bytes += item.bytes();
      }
    }
  }

  /** Answers whatever is past its deadline. */
  void expire(long now, String reason) {
    // What is tried again stands in front, so the first is always the one that ends first.
    for (PublishItem first; (first = waiting.peekFirst()) != null; ) {
      if (now - first.deadline() < 0) {
        return;
      }
      waiting.removeFirst();
      bytes -= first.bytes();
      end(first, reason);
    }
  }

  /** Answers all, and whatever comes later. */
  void close() {
    closed = true;
    waiting.forEach(item -> end(item, "the node is closed"));
    waiting.clear();
    bytes = 0;
  }

  private static void end(PublishItem item, String reason) {
    item.answer(item.mayBeStored() ? new Unknown(reason) : new NotStored(reason));
  }
}
