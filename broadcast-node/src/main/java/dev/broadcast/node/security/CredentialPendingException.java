package dev.broadcast.node.security;

import java.util.concurrent.CompletableFuture;

/** Whether a credential is good is not known yet: ask again when {@link #until} is done. */
public final class CredentialPendingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient CompletableFuture<?> until;

  CredentialPendingException(CompletableFuture<?> until) {
    super("what the credential is checked with is being fetched", null, false, false);
    this.until = until;
  }

  /** Completes soon, one way or another, on any thread. */
  public CompletableFuture<?> until() {
    return until;
  }
}
