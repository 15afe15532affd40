package dev.broadcast.node.security;

import java.util.concurrent.CompletableFuture;

/** Where the secret is that all nodes of a cluster share and nobody else has. */
public interface PassSecrets {
  /**
   * The secret, made by the first node that asks. Completes on any thread; fails if it cannot be
   * had now.
   */
  CompletableFuture<String> secret();
}
