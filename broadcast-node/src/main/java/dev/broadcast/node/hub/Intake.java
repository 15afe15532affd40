package dev.broadcast.node.hub;

import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.HandlerChain;
import dev.broadcast.api.broadcaster.MessageHandler.Decision;
import java.util.concurrent.CompletableFuture;

/**
 * What every message passes before it is published, whether it came over HTTP or from the program:
 * the handlers, then the vocabulary. Any thread.
 */
public final class Intake {
  private final HandlerChain handlers;
  private final KnownTypes types;

  public Intake(HandlerChain handlers, KnownTypes types) {
    this.handlers = handlers;
    this.types = types;
  }

  /** Where handlers are added. */
  public HandlerChain handlers() {
    return handlers;
  }

  /** The vocabulary. */
  public KnownTypes types() {
    return types;
  }

  /** Whether it may be published as it is, without anybody being asked. */
  boolean passes(Message message) {
    return handlers.isEmpty() && types.knows(message.type());
  }

  /**
   * What is to be published.
   *
   * @return fails with {@link DroppedException} if a handler dropped it, with {@link
   *     dev.broadcast.api.broadcaster.UnknownTypeException} if nobody knows its type
   */
  CompletableFuture<Message> admit(Message message) {
    return handlers
        .run(message)
        .thenCompose(
            decision -> {
              if (decision instanceof Decision.Dropped dropped) {
                return CompletableFuture.failedFuture(new DroppedException(dropped.reason()));
              }
              return known(
                  decision instanceof Decision.Changed changed ? changed.message() : message);
            });
  }

  /** The same for an event that goes to one connection and is no message: no handler sees it. */
  CompletableFuture<Message> admitAlone(Message message) {
    return known(message);
  }

  private CompletableFuture<Message> known(Message message) {
    String type = message.type();
    return type == null || types.knows(type)
        ? CompletableFuture.completedFuture(message)
        : types.ask(type).thenApply(known -> message);
  }

  /** A handler dropped a message: nothing was stored. */
  public static final class DroppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DroppedException(String reason) {
      super(reason, null, false, false);
    }
  }
}
