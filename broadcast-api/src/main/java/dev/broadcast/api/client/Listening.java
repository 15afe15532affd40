package dev.broadcast.api.client;

import dev.broadcast.api.stream.StreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream that is handed to a function, event by event. Any thread may close it. */
public final class Listening implements AutoCloseable, Flow.Subscriber<StreamEvent> {
  private final Consumer<StreamEvent> consumer;
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private volatile @Nullable String cursor;
  private volatile Flow.@Nullable Subscription stream;

  Listening(Consumer<StreamEvent> consumer) {
    this.consumer = consumer;
  }

  /** What to resume with after the last event that the function has handled, or null. */
  public @Nullable String cursor() {
    return cursor;
  }

  /** Completes when the stream is over; fails if it ended for a bad reason. */
  public CompletableFuture<@Nullable Void> ended() {
    return ended;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    stream = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(StreamEvent event) {
    Flow.Subscription current = stream;
    if (current == null || ended.isDone()) {
      return;
    }
    try {
      consumer.accept(event);
    } catch (RuntimeException e) {
      current.cancel();
      ended.completeExceptionally(e);
      return;
    }
    if (event instanceof StreamEvent.Delivered delivered) {
      cursor = delivered.cursor();
    } else if (event instanceof StreamEvent.Opened opened && opened.cursor() != null) {
      cursor = opened.cursor();
    } else if (event instanceof StreamEvent.Reset reset && reset.cursor() != null) {
      cursor = reset.cursor();
    }
    current.request(1);
  }

  @Override
  public void onError(Throwable failure) {
    ended.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    ended.complete(null);
  }

  @Override
  public void close() {
    Flow.Subscription current = stream;
    if (current != null) {
      current.cancel();
    }
    ended.complete(null);
  }
}
