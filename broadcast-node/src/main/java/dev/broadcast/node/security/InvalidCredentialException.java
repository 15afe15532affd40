package dev.broadcast.node.security;

/** A credential that is good for nothing here. */
public final class InvalidCredentialException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param detail why, without anything that the credential holds
   */
  InvalidCredentialException(String detail) {
    super(detail, null, false, false);
  }
}
