package dev.broadcast.api.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A subscriber that writes down what it is told, and fails where it is told too much. */
final class Collector<T> implements Flow.Subscriber<T> {
  private final long first;
  private final List<T> values = new ArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final CompletableFuture<String> over = new CompletableFuture<>();
  private Flow.Subscription subscription;
  private long allowed;

  /** Asks for so many at once. */
  Collector(long first) {
    this.first = first;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (first > 0) {
      request(first);
    }
  }

  void request(long n) {
    synchronized (this) {
      allowed = Math.addExact(allowed, n == Long.MAX_VALUE ? Integer.MAX_VALUE : n);
    }
    subscription.request(n);
  }

  void cancel() {
    subscription.cancel();
  }

  @Override
  public void onNext(T value) {
    if (inside.incrementAndGet() != 1) {
      over.complete("two at a time");
    }
    synchronized (this) {
      if (--allowed < 0) {
        over.complete("more than was asked for");
      }
      values.add(value);
      notifyAll();
    }
    inside.decrementAndGet();
  }

  @Override
  public void onError(Throwable failure) {
    over.complete("failed: " + failure.getMessage());
  }

  @Override
  public void onComplete() {
    over.complete("complete");
  }

  synchronized List<T> values() {
    return List.copyOf(values);
  }

  /** How it ended. */
  String awaitEnd() throws Exception {
    return over.get(20, TimeUnit.SECONDS);
  }

  boolean ended() {
    return over.isDone();
  }

  synchronized List<T> await(Predicate<List<T>> condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.test(values)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("not within 20 s: " + values + ", " + over);
      }
      wait(left);
    }
    return values();
  }
}
