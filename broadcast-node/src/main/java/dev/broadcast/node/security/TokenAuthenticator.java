package dev.broadcast.node.security;

import org.jspecify.annotations.Nullable;

/** Says whom a credential belongs to. Any thread; must not block. */
public interface TokenAuthenticator {
  /**
   * Who shows this credential, or null if it is none of these.
   *
   * @param token what stood behind {@code Bearer}, or in the cookie
   * @throws InvalidCredentialException if it is of this kind, and good for nothing
   * @throws CredentialPendingException if that is not known yet
   */
  @Nullable Caller caller(String token);

  /** Whether a credential that was good, given by its digest, still is as far as one can tell. */
  boolean stillGood(String credential);
}
