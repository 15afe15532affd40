package dev.broadcast.e2e;

import dev.broadcast.testing.HttpStream;
import dev.broadcast.testing.SseParser;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An EventSource of our own behind a pretended load balancer: it keeps the last event id, and when
 * its stream ends for whatever reason it goes to the next node of its list. Like EventSource it
 * ends for good at any status but 200. A thread of its own reads; waiting and steering is for any
 * thread.
 */
final class SseClient implements AutoCloseable {

  /**
   * How long it waits at most before it comes back, whatever {@code retry} says; keeps tests short.
   */
  private static final long LONGEST_RETRY_MS = 300;

  private final Subscription subscription;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SeenByClient seen = new SeenByClient();
  private final Pace pace = new Pace();
  private String lastEventId;
  private long retryMillis = 50;
  private boolean closed;
  private @Nullable HttpStream stream;

  SseClient(Subscription subscription) {
    this.subscription = subscription;
    this.lastEventId = subscription.lastEventId();
    var thread = new Thread(this::run, "sse-" + subscription.name());
    thread.setDaemon(true);
    thread.start();
  }

  String name() {
    return subscription.name();
  }

  /** A copy of what it saw up to now. */
  SeenByClient seen() {
    return locked(() -> new SeenByClient(seen));
  }

  /** What it would send as {@code Last-Event-ID}; empty when it has none. */
  String lastEventId() {
    return locked(() -> lastEventId);
  }

  /** Waits until what it saw satisfies {@code condition}; fails with what it saw instead. */
  void await(String what, Duration within, Predicate<SeenByClient> condition) {
    long left = within.toNanos();
    lock.lock();
    try {
      while (!condition.test(seen)) {
        if (left <= 0) {
          throw new AssertionError(this + ": no " + what + " within " + within + "; saw " + seen);
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(this + ": interrupted waiting for " + what, e);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first {@code connected}. */
  SseClient awaitConnected() {
    await("connected", Duration.ofSeconds(20), it -> !it.ofType("connected").isEmpty());
    return this;
  }

  /** Stops reading; at most one more buffer is taken. */
  void stall() {
    pace.stall();
  }

  /** Reads one byte each {@code interval}. */
  void drip(Duration interval) {
    pace.drip(interval);
  }

  /** Reads at full speed again. */
  void resume() {
    pace.full();
  }

  /** Breaks its connection with RST; it comes back at the next node. */
  void cut() {
    close(locked(() -> stream));
  }

  @Override
  public void close() {
    noted(() -> closed = true);
    pace.full();
    cut();
  }

  private void run() {
    try {
      int next = subscription.firstNode();
      while (!locked(() -> closed)) {
        URI node = subscription.nodes().get(next++ % subscription.nodes().size());
        if (!connect(node)) {
          return;
        }
        awaitRetry();
      }
    } catch (InterruptedException e) {
      noted(() -> closed = true);
    }
  }

  /**
   * One connection from its start to its end.
   *
   * @return whether an EventSource would come back
   */
  private boolean connect(URI node) throws InterruptedException {
    try (HttpStream opened = open(node)) {
      if (!opened.isEventStream()) {
        noted(() -> seen.refused(node, opened.status()));
        return false;
      }
      boolean go =
          locked(
              () -> {
                stream = opened;
                return !closed;
              });
      if (go) {
        noted(() -> seen.opened(node));
        read(opened);
        noted(() -> seen.ended(node, "end"));
      }
    } catch (IOException e) {
      noted(() -> seen.ended(node, e.toString()));
    }
    return true;
  }

  private HttpStream open(URI node) throws IOException {
    var headers = new TreeMap<>(subscription.headers());
    headers.putIfAbsent("Accept", "text/event-stream");
    String cursor = lastEventId();
    if (!cursor.isEmpty()) {
      headers.put("Last-Event-ID", cursor);
    }
    return new HttpStream(node, subscription.target(), headers, subscription.receiveBuffer());
  }

  private void read(HttpStream from) throws IOException, InterruptedException {
    var parser = new SseParser(lastEventId(), new Recorder());
    byte[] buffer = new byte[8192];
    int count = from.read(buffer, pace.awaitTurn(buffer.length));
    while (count >= 0) {
      parser.feed(buffer, count);
      count = from.read(buffer, pace.awaitTurn(buffer.length));
    }
  }

  private void awaitRetry() throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(Math.min(retryMillis, LONGEST_RETRY_MS));
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private void noted(Runnable action) {
    lock.lock();
    try {
      action.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void close(@Nullable HttpStream opened) {
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (IOException e) {
      // It was on its way out anyway.
    }
  }

  @Override
  public String toString() {
    return subscription.name() + " " + subscription.target();
  }

  /** Writes the stream's blocks down; runs on the reading thread. */
  private final class Recorder implements SseParser.Sink {

    @Override
    public void event(String type, String data, String id) {
      noted(
          () -> {
            lastEventId = id;
            seen.event(type, data, id);
          });
    }

    @Override
    public void idOnly(String id) {
      noted(
          () -> {
            lastEventId = id;
            seen.idOnly(id);
          });
    }

    @Override
    public void comment(String text) {
      noted(() -> seen.comment(text));
    }

    @Override
    public void retry(long millis) {
      noted(() -> retryMillis = millis);
    }
  }
}
