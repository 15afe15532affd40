package dev.broadcast.api.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Between threads that bring values and a subscriber: one call at a time, no more than it asked for
 * (Reactive Streams, 1.1 and 1.3). Any thread.
 */
final class Outlet<T> implements Flow.Subscription {
  /** Where the values come from. */
  interface Upstream {
    /** The subscriber wants something and nothing waits. */
    void more();

    /** It wants nothing any more. */
    void cancelled();
  }

  private final Flow.Subscriber<? super T> subscriber;
  private final Upstream upstream;
  private final Deque<T> waiting = new ArrayDeque<>();
  private long demand;
  private boolean begun;
  private boolean speaking;
  private boolean ended;
  private @Nullable Throwable failure;
  private boolean over;
  private boolean askAgain;

  Outlet(Flow.Subscriber<? super T> subscriber, Upstream upstream) {
    this.subscriber = subscriber;
    this.upstream = upstream;
  }

  void begin() {
    subscriber.onSubscribe(this);
    synchronized (this) {
      begun = true;
    }
    speak();
  }

  synchronized boolean wantsMore() {
    return demand > 0 && waiting.isEmpty() && !over;
  }

  void add(List<T> values) {
    synchronized (this) {
      if (over || ended) {
        return;
      }
      waiting.addAll(values);
      askAgain = true;
    }
    speak();
  }

  /** What waits is still handed out first. */
  void end(@Nullable Throwable reason) {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      failure = reason;
    }
    speak();
  }

  @Override
  public void request(long n) {
    boolean wrong = n <= 0;
    synchronized (this) {
      if (!wrong) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        askAgain = true;
      }
    }
    if (wrong) {
      upstream.cancelled();
      end(new IllegalArgumentException("request: at least 1 expected, not " + n));
    } else {
      speak();
    }
  }

  @Override
  public void cancel() {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      waiting.clear();
    }
    upstream.cancelled();
  }

  private void speak() {
    while (true) {
      T value = null;
      boolean more = false;
      synchronized (this) {
        if (speaking || over || !begun) {
          return;
        }
        if (demand > 0 && !waiting.isEmpty()) {
          value = waiting.remove();
          demand--;
        } else if (ended && waiting.isEmpty()) {
          over = true;
        } else if (demand > 0 && askAgain && !ended) {
          askAgain = false;
          more = true;
        } else {
          return;
        }
        speaking = true;
      }
      try {
        if (value != null) {
          subscriber.onNext(value);
        } else if (more) {
          upstream.more();
        } else if (failure == null) {
          subscriber.onComplete();
        } else {
          subscriber.onError(failure);
        }
      } finally {
        synchronized (this) {
          speaking = false;
        }
      }
    }
  }
}
