package dev.broadcast.api.broadcaster;

import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.MessageHandler.Decision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs messages through handlers, in the order in which these were added. Whatever a handler does,
 * a message comes out after at most one time limit a handler. Any thread; the outcome comes on the
 * thread of the last handler that answered.
 */
public final class HandlerChain {
  private final CopyOnWriteArrayList<MessageHandler> handlers = new CopyOnWriteArrayList<>();
  private final Duration limit;
  private final BiConsumer<MessageHandler, Throwable> report;

  /**
   * A chain without handlers.
   *
   * @param limit how long one handler may take for one message; more than 0
   * @param report told, on any thread, of every handler that failed or was late
   */
  public HandlerChain(Duration limit, BiConsumer<MessageHandler, Throwable> report) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("limit: more than 0 expected");
    }
    this.limit = limit;
    this.report = report;
  }

  /** Adds one at the end; closing the answer takes it out again. */
  public Registration add(MessageHandler handler) {
    // A handler may be added twice; each registration takes out its own.
    MessageHandler own =
        new MessageHandler() {
          @Override
          public CompletionStage<Decision> handle(Message message) {
            return handler.handle(message);
          }

          @Override
          public boolean required() {
            return handler.required();
          }

          @Override
          public String name() {
            return handler.name();
          }
        };
    handlers.add(own);
    return () -> handlers.remove(own);
  }

  /** Whether there is nothing to run. */
  public boolean isEmpty() {
    return handlers.isEmpty();
  }

  /**
   * What the handlers make of a message: {@link Decision.Changed} with what is to be published, or
   * {@link Decision.Dropped}. Never fails.
   */
  public CompletableFuture<Decision> run(Message message) {
    CompletableFuture<Decision> so = CompletableFuture.completedFuture(Decision.changed(message));
    for (MessageHandler handler : List.copyOf(handlers)) {
      so =
          so.thenCompose(
              decision ->
                  decision instanceof Decision.Changed changed
                      ? one(handler, changed.message())
                      : CompletableFuture.completedFuture(decision));
    }
    return so;
  }

  private CompletableFuture<Decision> one(MessageHandler handler, Message message) {
    return ask(handler, message)
        .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
        .handle(
            (decision, failure) ->
                decision == null
                    ? failed(handler, message, failure)
                    : decision instanceof Decision.Same ? Decision.changed(message) : decision);
  }

  /** A future of our own: the time limit must not complete the handler's. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  private static CompletableFuture<Decision> ask(MessageHandler handler, Message message) {
    CompletableFuture<Decision> answer = new CompletableFuture<>();
    try {
      handler
          .handle(message)
          .whenComplete(
              (decision, failure) -> {
                if (failure != null) {
                  answer.completeExceptionally(failure);
                } else {
                  answer.complete(decision);
                }
              });
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private Decision failed(MessageHandler handler, Message message, @Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Throwable told =
        cause == null
            ? new NullPointerException("handler " + handler.name() + " answered null")
            : cause instanceof TimeoutException
                ? new TimeoutException(
                    "handler " + handler.name() + " did not answer within " + limit)
                : cause;
    try {
      report.accept(handler, told);
    } catch (RuntimeException e) {
      // Whoever is told of failures must not make another one of it.
    }
    return handler.required()
        ? Decision.dropped("handler " + handler.name() + " failed: " + told.getMessage())
        : Decision.changed(message);
  }

  /** Something that was added and can be taken out again. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
