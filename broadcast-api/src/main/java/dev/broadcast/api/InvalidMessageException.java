package dev.broadcast.api;

/**
 * Thrown when a value cannot be part of a {@link Message}: it names the field, as it is called in
 * JSON, and says what would be right.
 */
public final class InvalidMessageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field the offending field as JSON calls it, for example {@code target_ids}
   * @param detail what is wrong and what would be right
   */
  public InvalidMessageException(String field, String detail) {
    super(field + ": " + detail);
    this.field = field;
  }

  /** The offending field as JSON calls it. */
  public String field() {
    return field;
  }
}
