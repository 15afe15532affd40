package dev.broadcast.api.stream;

import dev.broadcast.api.EventEncoder;
import dev.broadcast.api.Types;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of a {@link ClientStream}. Source, subscriber and timer may call from any thread; the
 * subscriber is called by one at a time: whoever finds nobody calling it does so until nothing is
 * left to say.
 */
final class ClientStreamRun<T> implements Flow.Subscriber<T>, Flow.Subscription {
  private final Function<? super T, @Nullable ClientEvent> transform;
  private final StreamSettings settings;
  private final ScheduledExecutorService timer;
  private final Flow.Subscriber<? super byte[]> subscriber;

  private final Deque<byte[]> ready = new ArrayDeque<>();
  private Flow.@Nullable Subscription source;
  private @Nullable ScheduledFuture<?> tick;
  private long demand;
  private boolean begun;
  private boolean asked;
  private boolean speaking;
  private boolean ending;
  private boolean over;
  private long lastSent = System.nanoTime();
  private long lastValue = System.nanoTime();

  ClientStreamRun(
      Function<? super T, @Nullable ClientEvent> transform,
      StreamSettings settings,
      ScheduledExecutorService timer,
      Flow.Subscriber<? super byte[]> subscriber) {
    this.transform = transform;
    this.settings = settings;
    this.timer = timer;
    this.subscriber = subscriber;
    ClientEvent initial = settings.initial();
    if (initial != null) {
      ready.add(initial.encode());
    }
  }

  /** The subscriber is told of its subscription before it is told anything else. */
  void begin() {
    subscriber.onSubscribe(this);
    synchronized (this) {
      begun = true;
    }
    speak();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    boolean unwanted;
    synchronized (this) {
      unwanted = over || ending || source != null;
      if (!unwanted) {
        source = subscription;
        startClock();
      }
    }
    if (unwanted) {
      subscription.cancel();
    }
    speak();
  }

  @Override
  public void onNext(T value) {
    ClientEvent event;
    try {
      event = transform.apply(value);
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    synchronized (this) {
      asked = false;
      lastValue = System.nanoTime();
      if (event != null && !ending && !over) {
        ready.add(event.encode());
      }
    }
    speak();
  }

  @Override
  public void onError(Throwable failure) {
    end(ClientEvent.of(Types.ERROR, String.valueOf(failure.getMessage())), false);
  }

  @Override
  public void onComplete() {
    end(null, false);
  }

  /** The program ends it. */
  void stop() {
    end(null, true);
  }

  private void fail(Throwable failure) {
    end(ClientEvent.of(Types.ERROR, String.valueOf(failure.getMessage())), true);
  }

  private void end(@Nullable ClientEvent last, boolean cancel) {
    Flow.Subscription cancelled;
    synchronized (this) {
      if (ending || over) {
        return;
      }
      ending = true;
      stopClock();
      cancelled = cancel ? source : null;
      if (last != null) {
        ready.add(last.encode());
      }
      ClientEvent closing = settings.closing();
      if (closing != null) {
        ready.add(closing.encode());
      }
    }
    if (cancelled != null) {
      cancelled.cancel();
    }
    speak();
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      fail(new IllegalArgumentException("request: at least 1 expected, not " + n));
      return;
    }
    synchronized (this) {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
    }
    speak();
  }

  /** The client left. */
  @Override
  public void cancel() {
    Flow.Subscription cancelled;
    synchronized (this) {
      cancelled = over ? null : source;
      over = true;
      ready.clear();
      stopClock();
    }
    if (cancelled != null) {
      cancelled.cancel();
    }
  }

  /** Says what there is to say, unless somebody is at it already. */
  private void speak() {
    while (true) {
      byte[] block = null;
      Flow.Subscription ask = null;
      boolean complete = false;
      synchronized (this) {
        if (speaking || over || !begun) {
          return;
        }
        if (demand > 0 && !ready.isEmpty()) {
          block = ready.remove();
          demand--;
          lastSent = System.nanoTime();
        } else if (ending && ready.isEmpty()) {
          over = true;
          complete = true;
        } else if (demand > 0 && !asked && !ending && source != null) {
          asked = true;
          ask = source;
        } else {
          return;
        }
        speaking = true;
      }
      try {
        if (block != null) {
          subscriber.onNext(block);
        } else if (complete) {
          subscriber.onComplete();
        } else if (ask != null) {
          ask.request(1);
        }
      } finally {
        synchronized (this) {
          speaking = false;
        }
      }
    }
  }

  private void startClock() {
    Duration shortest = settings.heartbeat();
    if (shortest.isZero()
        || (!settings.timeout().isZero() && settings.timeout().compareTo(shortest) < 0)) {
      shortest = settings.timeout();
    }
    if (!shortest.isZero()) {
      long period = Math.max(1_000_000, shortest.toNanos() / 4);
      tick = timer.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.NANOSECONDS);
    }
  }

  private void stopClock() {
    if (tick != null) {
      tick.cancel(false);
    }
  }

  private void tick() {
    boolean late;
    synchronized (this) {
      long now = System.nanoTime();
      // A client that takes nothing is not the source's fault: only what was asked for can be late.
      late =
          !settings.timeout().isZero() && asked && now - lastValue >= settings.timeout().toNanos();
      boolean silent =
          !settings.heartbeat().isZero() && now - lastSent >= settings.heartbeat().toNanos();
      if (!late && silent && demand > 0 && ready.isEmpty()) {
        ready.add(EventEncoder.comment("heartbeat"));
      }
    }
    if (late) {
      stop();
    } else {
      speak();
    }
  }
}
