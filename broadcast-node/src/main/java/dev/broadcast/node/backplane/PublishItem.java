package dev.broadcast.node.backplane;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A publish, or, without a publication, a clearing, until it is answered. Only on the hub thread.
 */
final class PublishItem {
  private final String topic;
  private final @Nullable Publication publication;
  private final long deadline;
  private final CompletableFuture<PublishOutcome> outcome = new CompletableFuture<>();
  private boolean mayBeStored;

  /**
   * @param deadline on {@link System#nanoTime}: when it is answered at the latest
   */
  PublishItem(String topic, @Nullable Publication publication, long deadline) {
    this.topic = topic;
    this.publication = publication;
    this.deadline = deadline;
  }

  String topic() {
    return topic;
  }

  @Nullable Publication publication() {
    return publication;
  }

  long deadline() {
    return deadline;
  }

  CompletableFuture<PublishOutcome> outcome() {
    return outcome;
  }

  /** What it costs to keep and to send, about. */
  int bytes() {
    return 256 + (publication == null ? 0 : publication.payload().length);
  }

  /** Whether sending it twice stores it once. */
  boolean repeatable() {
    return publication != null && publication.idempotency() != null;
  }

  /** It was sent, and the answer was lost. */
  void lost() {
    mayBeStored = true;
  }

  boolean mayBeStored() {
    return mayBeStored;
  }

  boolean isAnswered() {
    return outcome.isDone();
  }

  void answer(PublishOutcome answer) {
    outcome.complete(answer);
  }
}
