package dev.broadcast.api.broadcaster;

/**
 * The backplane did not take a message for a passing reason. With {@link Stored#UNKNOWN} it may
 * have been stored all the same: publish it again under the same idempotency key.
 */
public final class NotPublishedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whether the message was stored. */
  public enum Stored {
    NO,
    UNKNOWN
  }

  private final Stored stored;

  public NotPublishedException(Stored stored, String detail) {
    super(detail);
    this.stored = stored;
  }

  /** Whether it was stored. */
  public Stored stored() {
    return stored;
  }
}
