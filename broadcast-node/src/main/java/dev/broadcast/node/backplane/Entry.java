package dev.broadcast.node.backplane;

import org.jspecify.annotations.Nullable;

/**
 * One number of a shard's sequence, as the backplane carries and keeps it.
 *
 * @param id its place
 * @param kind a message, or the clearing of its topic's history
 * @param topic its topic
 * @param predecessor the topic's previous number (message or clearing); an upper bound of it where
 *     the topic was pruned from the shard's state; 0 for none
 * @param timestamp when it was stored, milliseconds since 1970 on the backplane's clock
 * @param payload the message as the publisher's node encoded it; empty for a clearing. Never
 *     changed.
 * @param receipt the publisher's receipt to report deliveries to, or null; only on a live entry
 */
@SuppressWarnings(
    "ArrayRecordComponent") // identity is the id; the bytes are shared, never compared
public record Entry(
    MessageId id,
    Kind kind,
    String topic,
    long predecessor,
    long timestamp,
    byte[] payload,
    @Nullable String receipt) {

  /** What an entry is. */
  public enum Kind {
    MESSAGE,
    /** The topic's history up to and including the predecessor was cleared. */
    CLEAR
  }

  /** The number within the shard. */
  public long sequence() {
    return id.sequence();
  }
}
