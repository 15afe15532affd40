package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.PublishOutcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the hub counts. Any thread. */
public final class HubMetrics {
  private final LongAdder opened = new LongAdder();
  private final LongAdder published = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder keyReused = new LongAdder();
  private final LongAdder notStored = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder deliveredBytes = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder replayed = new LongAdder();
  private final LongAdder replayedBytes = new LongAdder();
  private final LongAdder fellBehind = new LongAdder();
  private final LongAdder backfills = new LongAdder();
  private final LongAdder epochs = new LongAdder();
  private final LongAdder generations = new LongAdder();
  private final LongAdder unreadable = new LongAdder();
  private final LongAdder resets = new LongAdder();
  private final LongAccumulator queueHighWater = new LongAccumulator(Math::max, 0);
  private final PublishLatency latency = new PublishLatency();
  private final Map<CloseReason, LongAdder> disconnects = new EnumMap<>(CloseReason.class);

  public HubMetrics() {
    for (CloseReason reason : CloseReason.values()) {
      disconnects.put(reason, new LongAdder());
    }
  }

  void opened() {
    opened.increment();
  }

  /** What became of a publish; none if it failed otherwise. */
  void published(@Nullable PublishOutcome outcome) {
    if (outcome instanceof PublishOutcome.Stored stored) {
      (stored.repeated() ? repeated : published).increment();
    } else if (outcome instanceof PublishOutcome.KeyReused) {
      keyReused.increment();
    } else if (outcome instanceof PublishOutcome.NotStored) {
      notStored.increment();
    } else {
      unknown.increment();
    }
  }

  void delivered(long events, long bytes) {
    delivered.add(events);
    deliveredBytes.add(bytes);
  }

  /** Events that waited for a connection, which gets them by replay or not at all. */
  void dropped(long events) {
    dropped.add(events);
  }

  void replayed(long events, long bytes) {
    replayed.add(events);
    replayedBytes.add(bytes);
  }

  /** So many messages waited for one connection. */
  void queued(long messages) {
    queueHighWater.accumulate(messages);
  }

  PublishLatency latency() {
    return latency;
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

  /** Streams opened. */
  public long connectionsOpened() {
    return opened.sum();
  }

  /** Messages that this node's publishers had stored. */
  public long messagesPublished() {
    return published.sum();
  }

  /** Publishes that an earlier one with the same idempotency key had stored. */
  public long publishesRepeated() {
    return repeated.sum();
  }

  /** Publishes refused, since their idempotency key had other content. */
  public long publishesKeyReused() {
    return keyReused.sum();
  }

  /** Publishes that were not stored, for certain. */
  public long publishesNotStored() {
    return notStored.sum();
  }

  /** Publishes of which nobody knows whether they were stored. */
  public long publishesUnknown() {
    return unknown.sum();
  }

  /** Bytes of the events handed to live connections. */
  public long bytesDelivered() {
    return deliveredBytes.sum();
  }

  /** Events among those delivered that were taken out of a connection's queue again. */
  public long eventsDropped() {
    return dropped.sum();
  }

  /** Bytes of what was handed to connections that were behind. */
  public long bytesReplayed() {
    return replayedBytes.sum();
  }

  /** The most messages that waited for one connection, since the start. */
  public long queueHighWater() {
    return queueHighWater.get();
  }

  /** From publish to the socket. */
  public LatencyFigures publishLatency() {
    return latency.figures();
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
