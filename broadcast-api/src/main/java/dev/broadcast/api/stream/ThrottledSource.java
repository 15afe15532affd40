package dev.broadcast.api.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Throttle} between a source and its subscriber. A tick waits for the subscriber, too:
 * what it has not taken yet is still replaced by newer values of the same key.
 */
final class ThrottledSource<T> implements Flow.Subscriber<T>, Flow.Subscription {
  private final Throttle<Object, T> throttle;
  private final Function<? super T, ?> key;
  private final ScheduledExecutorService timer;
  private final Flow.Subscriber<? super T> subscriber;
  private final Deque<T> leaving = new ArrayDeque<>();
  private Flow.@Nullable Subscription source;
  private long demand;
  private boolean scheduled;
  private boolean speaking;
  private boolean ended;
  private @Nullable Throwable failure;
  private boolean over;

  ThrottledSource(
      ThrottlePolicy policy,
      Function<? super T, ?> key,
      ScheduledExecutorService timer,
      Flow.Subscriber<? super T> subscriber) {
    this.throttle = new Throttle<>(policy);
    this.key = key;
    this.timer = timer;
    this.subscriber = subscriber;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    source = subscription;
    subscriber.onSubscribe(this);
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(T value) {
    Object name = key.apply(value);
    synchronized (this) {
      throttle.offer(name, value);
    }
    speak();
  }

  @Override
  public void onError(Throwable reason) {
    synchronized (this) {
      ended = true;
      failure = reason;
    }
    speak();
  }

  @Override
  public void onComplete() {
    synchronized (this) {
      ended = true;
    }
    speak();
  }

  @Override
  public void request(long n) {
    synchronized (this) {
      if (n <= 0) {
        ended = true;
        failure = new IllegalArgumentException("request: at least 1 expected, not " + n);
      } else {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      }
    }
    speak();
  }

  @Override
  public void cancel() {
    synchronized (this) {
      over = true;
    }
    Flow.Subscription cancelled = source;
    if (cancelled != null) {
      cancelled.cancel();
    }
  }

  private void ticked() {
    synchronized (this) {
      scheduled = false;
    }
    speak();
  }

  private void speak() {
    while (true) {
      T value = null;
      synchronized (this) {
        if (speaking || over) {
          return;
        }
        if (leaving.isEmpty() && demand > 0) {
          leaving.addAll(ended ? throttle.drain() : throttle.due(System.nanoTime()));
        }
        if (demand > 0 && !leaving.isEmpty()) {
          value = leaving.remove();
          demand--;
        } else if (ended && leaving.isEmpty() && throttle.isEmpty()) {
          over = true;
        } else {
          awaitTick();
          return;
        }
        speaking = true;
      }
      try {
        if (value != null) {
          subscriber.onNext(value);
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

  private void awaitTick() {
    if (!scheduled && demand > 0 && leaving.isEmpty() && !throttle.isEmpty()) {
      scheduled = true;
      long wait = throttle.untilDue(System.nanoTime());
      var unused = timer.schedule(this::ticked, wait, TimeUnit.NANOSECONDS);
    }
  }
}
