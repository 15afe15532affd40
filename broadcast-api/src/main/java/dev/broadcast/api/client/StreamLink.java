package dev.broadcast.api.client;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of one answer, taken off the socket only when it is asked for: what is not asked for
 * stays there, and the node feels it.
 */
final class StreamLink implements HttpResponse.BodySubscriber<@Nullable Void> {
  /** Told of one link. Called by one thread at a time. */
  interface Listener {
    void bytes(StreamLink link, List<ByteBuffer> bytes);

    /**
     * Nothing follows.
     *
     * @param failure what broke, or null if it ended
     */
    void over(StreamLink link, @Nullable Throwable failure);
  }

  private final Listener listener;
  private Flow.@Nullable Subscription source;
  private boolean wanted;
  private boolean asked;
  private boolean cancelled;
  private long askedAt;

  StreamLink(Listener listener) {
    this.listener = listener;
  }

  /** Takes some bytes, unless that is under way. */
  void read() {
    Flow.Subscription ask;
    synchronized (this) {
      wanted = true;
      if (asked || source == null) {
        return;
      }
      asked = true;
      askedAt = System.nanoTime();
      ask = source;
    }
    ask.request(1);
  }

  /** How long it has been waiting for bytes, in nanoseconds; 0 if it does not wait. */
  synchronized long silence() {
    return asked ? System.nanoTime() - askedAt : 0;
  }

  /** Closes the connection; nothing is told any more. */
  void cancel() {
    Flow.Subscription close;
    synchronized (this) {
      cancelled = true;
      asked = false;
      close = source;
    }
    if (close != null) {
      close.cancel();
    }
  }

  @Override
  public CompletionStage<@Nullable Void> getBody() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    boolean close;
    boolean read;
    synchronized (this) {
      source = subscription;
      close = cancelled;
      read = wanted;
    }
    if (close) {
      subscription.cancel();
    } else if (read) {
      read();
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    synchronized (this) {
      asked = false;
      wanted = false;
      if (cancelled) {
        return;
      }
    }
    listener.bytes(this, bytes);
  }

  @Override
  public void onError(Throwable failure) {
    over(failure);
  }

  @Override
  public void onComplete() {
    over(null);
  }

  private void over(@Nullable Throwable failure) {
    synchronized (this) {
      asked = false;
      if (cancelled) {
        return;
      }
      cancelled = true;
    }
    listener.over(this, failure);
  }
}
