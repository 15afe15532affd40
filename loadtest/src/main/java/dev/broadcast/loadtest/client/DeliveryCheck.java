package dev.broadcast.loadtest.client;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What one connection received, judged message by message.
 *
 * <p>Each publisher numbers its messages from 1 and sends the next only when the last was answered,
 * so every connection must see each publisher's numbers ascending and whole. A number that is
 * skipped is lost unless it comes later, then it is reordered; one that comes again is duplicated.
 * Across publishers no order is given, only that every connection must see the same one: {@link
 * #order()} tells two orders apart.
 */
final class DeliveryCheck {
  private final int[] last;
  private @Nullable BitSet @Nullable [] skipped;
  private long delivered;
  private long missing;
  private long duplicated;
  private long reordered;
  private long order;

  DeliveryCheck(int publishers) {
    last = new int[publishers];
  }

  /** Says that the connection asked for what comes after that number. */
  void startAfter(int publisher, int sequence) {
    last[publisher] = sequence;
  }

  /** Judges one message; true when it has not come before. */
  boolean received(int publisher, int sequence) {
    order = (order * 31 + publisher) * 1_000_003 + sequence;
    if (sequence == last[publisher] + 1) {
      last[publisher] = sequence;
      delivered++;
    } else if (sequence > last[publisher]) {
      skipped(publisher).set(last[publisher] + 1, sequence);
      missing += sequence - last[publisher] - 1L;
      last[publisher] = sequence;
      delivered++;
    } else if (skipped(publisher).get(sequence)) {
      skipped(publisher).clear(sequence);
      missing--;
      reordered++;
      delivered++;
    } else {
      duplicated++;
      return false;
    }
    return true;
  }

  /** Distinct messages received. */
  long delivered() {
    return delivered;
  }

  long duplicated() {
    return duplicated;
  }

  long reordered() {
    return reordered;
  }

  /** How many never came, of {@code published} messages per publisher. */
  long lost(int[] published) {
    long lost = missing;
    for (int i = 0; i < last.length; i++) {
      lost += Math.max(0, published[i] - last[i]);
    }
    return lost;
  }

  /** A hash of the messages in the order in which they came. */
  long order() {
    return order;
  }

  private BitSet skipped(int publisher) {
    @Nullable BitSet[] all = skipped;
    if (all == null) {
      all = new BitSet[last.length];
      skipped = all;
    }
    BitSet one = all[publisher];
    if (one == null) {
      one = new BitSet();
      all[publisher] = one;
    }
    return one;
  }
}
