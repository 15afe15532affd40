package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Tickets, which one node sells and any node redeems, once; and the secret that the nodes of a
 * cluster share. Methods may be called from any thread; futures complete on the hub executor and
 * fail with {@link BackplaneException} when the backplane cannot answer now.
 */
public interface Tickets {
  /**
   * Keeps a ticket.
   *
   * @param digest of the ticket, so that who reads the backplane cannot redeem it
   * @param grant what it is good for
   * @param life after which nobody can redeem it any more
   */
  CompletableFuture<Void> put(String digest, String grant, Duration life);

  /** Takes a ticket away; of all that ask, on whatever node, one gets what it is good for. */
  CompletableFuture<Optional<String>> take(String digest);

  /**
   * The secret of the cluster, made by the first node that asks; another one once the backplane has
   * lost it and a node asks that did not know it.
   *
   * @return 43 characters of base64url
   */
  CompletableFuture<String> secret();
}
