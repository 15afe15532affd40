package dev.broadcast.api.stream;

import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one client, fed by a source of the program: blocks of an event stream, ready to be
 * written. A value is asked of the source only when the client can take it; when the client leaves,
 * the source is cancelled. A source that fails ends the stream with an {@code error} event. May be
 * subscribed to once.
 *
 * @param <T> what the source gives
 */
public final class ClientStream<T> implements Flow.Publisher<byte[]> {
  private final Flow.Publisher<T> source;
  private final Function<? super T, @Nullable ClientEvent> transform;
  private final StreamSettings settings;
  private final ScheduledExecutorService timer;
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicReference<@Nullable Runnable> stop = new AtomicReference<>();

  /**
   * Describes a stream; nothing happens before somebody subscribes.
   *
   * @param source asked for one value at a time
   * @param transform makes an event of a value, or null to pass it over; one that throws ends the
   *     stream with an {@code error} event
   * @param settings heartbeat, timeout, first and last event
   * @param timer for heartbeat and timeout; not shut down here
   */
  public ClientStream(
      Flow.Publisher<T> source,
      Function<? super T, @Nullable ClientEvent> transform,
      StreamSettings settings,
      ScheduledExecutorService timer) {
    this.source = source;
    this.transform = transform;
    this.settings = settings;
    this.timer = timer;
  }

  /** A stream of events as they are. */
  public static ClientStream<ClientEvent> of(
      Flow.Publisher<ClientEvent> source, StreamSettings settings, ScheduledExecutorService timer) {
    return new ClientStream<>(source, event -> event, settings, timer);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super byte[]> subscriber) {
    if (!subscribed.compareAndSet(false, true)) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
          });
      subscriber.onError(new IllegalStateException("a client's stream has one subscriber"));
      return;
    }
    ClientStreamRun<T> run = new ClientStreamRun<>(transform, settings, timer, subscriber);
    if (!stop.compareAndSet(null, run::stop)) {
      run.stop();
    }
    run.begin();
    source.subscribe(run);
  }

  /** Ends it: the source is cancelled, the closing event is sent. May be called at any time. */
  public void stop() {
    Runnable running = stop.getAndSet(() -> {});
    if (running != null) {
      running.run();
    }
  }
}
