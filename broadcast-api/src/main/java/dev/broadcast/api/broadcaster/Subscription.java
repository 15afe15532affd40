package dev.broadcast.api.broadcaster;

import java.util.concurrent.CompletableFuture;

/**
 * A listener within one's own process. It counts as a connection and is listed as one, until it is
 * closed, by whomever. Any thread.
 */
public interface Subscription extends AutoCloseable {
  /** Its connection id. */
  String id();

  /** The cursor of the last event that its consumer has handled, for {@code SubscribeOptions}. */
  String cursor();

  /** Completes with the reason when it has ended. */
  CompletableFuture<String> ended();

  /** Unregisters it; its consumer is called no more. May be called twice. */
  @Override
  void close();
}
