package dev.broadcast.node.security;

/** What credentials are checked with cannot be had now: a passing fault, not the caller's. */
public final class CredentialsUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CredentialsUnavailableException(String detail) {
    super(detail, null, false, false);
  }
}
