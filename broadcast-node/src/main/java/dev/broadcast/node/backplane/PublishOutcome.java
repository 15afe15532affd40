package dev.broadcast.node.backplane;

/** What became of a {@link Publication}. */
public sealed interface PublishOutcome {
  /**
   * The script ran on the master.
   *
   * @param id the message's id
   * @param timestamp milliseconds since 1970 on the backplane's clock
   * @param repeated whether an earlier publish with the same key had stored it
   */
  record Stored(MessageId id, long timestamp, boolean repeated) implements PublishOutcome {}

  /** The idempotency key was used with other content; nothing was stored. */
  record KeyReused() implements PublishOutcome {}

  /**
   * Nothing was stored, for certain.
   *
   * @param detail why, for the publisher
   */
  record NotStored(String detail) implements PublishOutcome {}

  /**
   * The answer was lost: stored or not, nobody can say.
   *
   * @param detail why, for the publisher
   */
  record Unknown(String detail) implements PublishOutcome {}
}
