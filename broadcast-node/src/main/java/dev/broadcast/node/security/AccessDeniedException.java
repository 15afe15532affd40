package dev.broadcast.node.security;

/** A request that its sender may not make: 401 without a valid credential, 403 with one. */
public final class AccessDeniedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String field;
  private final boolean invalid;

  /**
   * @param status 401 or 403
   * @param field the header that decided
   * @param detail what would be right, without secrets
   */
  public AccessDeniedException(int status, String field, String detail) {
    this(status, field, detail, false);
  }

  private AccessDeniedException(int status, String field, String detail, boolean invalid) {
    super(detail, null, false, false);
    this.status = status;
    this.field = field;
    this.invalid = invalid;
  }

  /** A credential was shown that is good for nothing here. */
  static AccessDeniedException invalid(String field, String detail) {
    return new AccessDeniedException(401, field, detail, true);
  }

  /** 401 or 403. */
  public int status() {
    return status;
  }

  /** The header that decided. */
  public String field() {
    return field;
  }

  /** Whether a credential was shown that is not good (RFC 6750, 3.1: invalid_token). */
  public boolean invalid() {
    return invalid;
  }
}
