package dev.broadcast.node.security;

/** A request that its sender may not make: 401 without a valid credential, 403 with one. */
public final class AccessDeniedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String field;

  /**
   * @param status 401 or 403
   * @param field the header that decided
   * @param detail what would be right, without secrets
   */
  public AccessDeniedException(int status, String field, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.field = field;
  }

  /** 401 or 403. */
  public int status() {
    return status;
  }

  /** The header that decided. */
  public String field() {
    return field;
  }
}
