package dev.broadcast.api.access;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Says what the sender of a request may do: for sessions of one's own site, keys in a database, a
 * password. Found by {@link java.util.ServiceLoader} in the packaged node ({@code --plugins}), or
 * given when routes are mounted. Asked after the node's own keys and tokens, one authenticator
 * after another, and never for a request without credentials. With one, nothing is open to
 * everybody any more.
 *
 * <p>Called on event loops, which must not be blocked: look things up elsewhere and answer later,
 * within 2 s. An answer is kept for 5 s for the same credentials, or as long as the grant lasts
 * where that is shorter.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * What the sender may do.
   *
   * @return a grant; empty if these are none of its credentials, so that the next one is asked. A
   *     failure means that it cannot be told now: the sender is asked to try again (503, a stream
   *     comes back by itself)
   */
  CompletionStage<Optional<Grant>> authenticate(Credentials credentials);

  /** What it is called in reports. */
  default String name() {
    return getClass().getName();
  }
}
