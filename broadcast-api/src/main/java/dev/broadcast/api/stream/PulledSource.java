package dev.broadcast.api.stream;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks for one value after another, as long as its subscriber wants some. */
final class PulledSource<T> implements Flow.Subscription {
  private final Callable<@Nullable T> next;
  private final long pause;
  private final ScheduledExecutorService worker;
  private final Flow.Subscriber<? super T> subscriber;
  private long demand;
  private boolean running;
  private boolean over;
  private boolean refused;
  private boolean begun;

  PulledSource(
      Callable<@Nullable T> next,
      Duration pause,
      ScheduledExecutorService worker,
      Flow.Subscriber<? super T> subscriber) {
    this.next = next;
    this.pause = pause.toNanos();
    this.worker = worker;
    this.subscriber = subscriber;
  }

  void begin() {
    subscriber.onSubscribe(this);
  }

  @Override
  public void request(long n) {
    long delay;
    synchronized (this) {
      if (over) {
        return;
      }
      refused |= n <= 0;
      demand = n <= 0 || demand + n < 0 ? Long.MAX_VALUE : demand + n;
      if (running) {
        return;
      }
      running = true;
      delay = begun ? pause : 0;
    }
    schedule(delay);
  }

  @Override
  public synchronized void cancel() {
    over = true;
  }

  private void schedule(long delay) {
    try {
      var unused = worker.schedule(this::one, delay, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      finish(e);
    }
  }

  private void one() {
    synchronized (this) {
      if (over) {
        return;
      }
      begun = true;
      demand--;
    }
    T value;
    try {
      if (refused) {
        throw new IllegalArgumentException("request: at least 1 expected");
      }
      value = next.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      finish(e);
      return;
    } catch (Exception e) {
      finish(e);
      return;
    }
    if (value == null) {
      finish(null);
      return;
    }
    synchronized (this) {
      if (over) {
        return;
      }
    }
    subscriber.onNext(value);
    synchronized (this) {
      running = demand > 0;
      if (!running || over) {
        return;
      }
    }
    schedule(pause);
  }

  private void finish(@Nullable Throwable failure) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
    }
    if (failure == null) {
      subscriber.onComplete();
    } else {
      subscriber.onError(failure);
    }
  }
}
