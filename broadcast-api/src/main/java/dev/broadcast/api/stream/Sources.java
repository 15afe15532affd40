package dev.broadcast.api.stream;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sources of a stream out of what programs have: lists and iterators, something to be asked now and
 * then, another source. A program that is called back pushes into a {@link
 * java.util.concurrent.SubmissionPublisher}. Values are made on a worker, when somebody asks for
 * them.
 */
public final class Sources {
  private Sources() {}

  /**
   * What an iterator gives, one after another. It may block. Each subscriber gets an iterator of
   * its own.
   *
   * @param interval the pause between two values; zero for none
   * @param worker runs the iterator; not shut down here
   */
  public static <T> Flow.Publisher<T> iterate(
      Iterable<T> values, Duration interval, ScheduledExecutorService worker) {
    return subscriber -> {
      Iterator<T> iterator = values.iterator();
      new PulledSource<T>(
              () -> iterator.hasNext() ? iterator.next() : null, interval, worker, subscriber)
          .begin();
    };
  }

  /**
   * What a question answers, again and again.
   *
   * @param question asked on the worker; null ends the source, an exception fails it
   * @param interval the pause between two answers
   * @param worker asks; not shut down here
   */
  public static <T> Flow.Publisher<T> poll(
      Callable<@Nullable T> question, Duration interval, ScheduledExecutorService worker) {
    return subscriber -> new PulledSource<T>(question, interval, worker, subscriber).begin();
  }

  /**
   * Another source, each value changed.
   *
   * @param change null passes the value over; an exception fails the source
   */
  public static <T, R> Flow.Publisher<R> transform(
      Flow.Publisher<T> source, Function<? super T, @Nullable R> change) {
    return subscriber -> source.subscribe(new TransformedSource<>(change, subscriber));
  }

  /**
   * Another source, slowed down: the latest of each key, at most every interval, the last values
   * always. It takes from the other source without bound: what is too much is conflated, not
   * queued.
   *
   * @param key what tells values apart
   * @param timer for the pauses; not shut down here
   */
  public static <T> Flow.Publisher<T> throttle(
      Flow.Publisher<T> source,
      ThrottlePolicy policy,
      Function<? super T, ?> key,
      ScheduledExecutorService timer) {
    return subscriber -> source.subscribe(new ThrottledSource<>(policy, key, timer, subscriber));
  }
}
