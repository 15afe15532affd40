package dev.broadcast.api.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The body of one attempt to publish, which knows whether it may have left. The HTTP client asks
 * for it only once it is connected and has written the head; until then the attempt can be taken
 * back, and what was taken back is not stored later. Any thread.
 */
final class Attempt implements BodyPublisher {
  private enum State {
    UNSENT,
    SENT,
    TAKEN_BACK
  }

  private final BodyPublisher body;
  private final AtomicReference<State> state = new AtomicReference<>(State.UNSENT);

  Attempt(String json) {
    this.body = BodyPublishers.ofString(json);
  }

  /**
   * Ends the attempt.
   *
   * @return whether nothing of it was sent, and nothing will be
   */
  boolean takeBack() {
    state.compareAndSet(State.UNSENT, State.TAKEN_BACK);
    return state.get() == State.TAKEN_BACK;
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    state.compareAndSet(State.UNSENT, State.SENT);
    if (state.get() == State.SENT) {
      body.subscribe(subscriber);
    } else {
      subscriber.onSubscribe(new Nothing());
      subscriber.onError(new CancellationException("given up before it was sent"));
    }
  }

  /** Nobody asks an attempt that was taken back for anything. */
  private static final class Nothing implements Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
