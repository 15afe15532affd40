package dev.broadcast.node.hub;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the hub counts. Any thread. */
public final class HubMetrics {
  private final LongAdder delivered = new LongAdder();
  private final LongAdder replayed = new LongAdder();
  private final LongAdder fellBehind = new LongAdder();
  private final LongAdder backfills = new LongAdder();
  private final LongAdder epochs = new LongAdder();
  private final LongAdder generations = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private final LongAdder resets = new LongAdder();
  private final Map<CloseReason, LongAdder> disconnects = new EnumMap<>(CloseReason.class);

  public HubMetrics() {
    for (CloseReason reason : CloseReason.values()) {
      disconnects.put(reason, new LongAdder());
    }
  }

  void delivered(long events) {
    delivered.add(events);
  }

  void replayed(long events) {
    replayed.add(events);
  }

  void fellBehind() {
    fellBehind.increment();
  }

  void backfill() {
    backfills.increment();
  }

  void epoch() {
    epochs.increment();
  }

  void generation() {
    generations.increment();
  }

  void unreadable() {
    unreadable.increment();
  }

  void reset() {
    resets.increment();
  }

  void disconnected(CloseReason reason) {
    LongAdder count = disconnects.get(reason);
    if (count != null) {
      count.increment();
    }
  }

  /** Events handed to connections while they were live. */
  public long eventsDelivered() {
    return delivered.sum();
  }

  /** Events handed to connections that were behind. */
  public long eventsReplayed() {
    return replayed.sum();
  }

  /** How often a connection fell behind. */
  public long connectionsFellBehind() {
    return fellBehind.sum();
  }

  /** Reads of missed entries. */
  public long backfills() {
    return backfills.sum();
  }

  /** New epochs seen. */
  public long epochs() {
    return epochs.sum();
  }

  /** New generations seen. */
  public long generations() {
    return generations.sum();
  }

  /** Entries in the backplane that no node can have written. */
  public long unreadableEntries() {
    return unreadable.sum();
  }

  /** Resets told to clients. */
  public long resets() {
    return resets.sum();
  }

  /** Ended streams, by reason. */
  public long disconnects(CloseReason reason) {
    LongAdder count = disconnects.get(reason);
    return count == null ? 0 : count.sum();
  }
}
