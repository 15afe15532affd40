package dev.broadcast.api.stream;

import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Changes each value between a source and its subscriber. */
final class TransformedSource<T, R> implements Flow.Subscriber<T> {
  private final Function<? super T, @Nullable R> change;
  private final Flow.Subscriber<? super R> subscriber;
  private Flow.@Nullable Subscription source;
  private boolean over;

  TransformedSource(
      Function<? super T, @Nullable R> change, Flow.Subscriber<? super R> subscriber) {
    this.change = change;
    this.subscriber = subscriber;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    source = subscription;
    subscriber.onSubscribe(subscription);
  }

  @Override
  public void onNext(T value) {
    if (over || source == null) {
      return;
    }
    R changed;
    try {
      changed = change.apply(value);
    } catch (RuntimeException e) {
      source.cancel();
      onError(e);
      return;
    }
    if (changed == null) {
      source.request(1);
    } else {
      subscriber.onNext(changed);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!over) {
      over = true;
      subscriber.onError(failure);
    }
  }

  @Override
  public void onComplete() {
    if (!over) {
      over = true;
      subscriber.onComplete();
    }
  }
}
