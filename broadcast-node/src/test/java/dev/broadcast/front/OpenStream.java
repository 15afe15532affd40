package dev.broadcast.front;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.testing.Http;
import dev.broadcast.testing.HttpStream;
import dev.broadcast.testing.SseParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One {@code GET /events}, written down block by block as a browser would understand it. Unlike an
 * EventSource it never comes back by itself: a test that resumes opens the next one with {@link
 * #cursor}. Read by a thread of its own; any thread may look.
 */
final class OpenStream implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Set<String> CONTROL =
      Set.of("connected", "closing", "reset", "presence", "heartbeat");
  private static final int RAW_KEPT = 256 << 10;

  /**
   * A dispatched event.
   *
   * @param id what a browser would send back after it
   * @param nanos when it came
   */
  record Event(String type, String data, String id, long nanos) {
    JsonNode json() {
      return new Http.Answer(0, Map.of(), data, Duration.ZERO).json();
    }
  }

  private final HttpStream stream;
  private final List<Event> events = new ArrayList<>();
  private final List<String> comments = new ArrayList<>();
  private final List<String> idOnly = new ArrayList<>();
  private final List<Long> retries = new ArrayList<>();
  private final StringBuilder raw = new StringBuilder();
  private String cursor;
  private int messageCount;
  private boolean stalled;
  private boolean ended;

  private OpenStream(HttpStream stream, String cursor) {
    this.stream = stream;
    this.cursor = cursor;
  }

  /**
   * Opens a stream and reads it.
   *
   * @param query behind {@code /events?}
   * @param headers request headers
   * @param receiveBuffer of its socket in bytes, 0 for the system's
   */
  static OpenStream of(URI node, String query, Map<String, String> headers, int receiveBuffer) {
    return of(node, "", query, headers, receiveBuffer);
  }

  /** The same where the routes are mounted under a prefix. */
  static OpenStream of(URI node, String prefix, String query, Map<String, String> headers) {
    return of(node, prefix, query, headers, 0);
  }

  private static OpenStream of(
      URI node, String prefix, String query, Map<String, String> headers, int receiveBuffer) {
    try {
      OpenStream open =
          new OpenStream(
              new HttpStream(node, prefix + "/events?" + query, headers, receiveBuffer),
              headers.getOrDefault("Last-Event-ID", ""));
      Thread thread = new Thread(open::read, "open-stream");
      thread.setDaemon(true);
      thread.start();
      return open;
    } catch (IOException e) {
      throw new UncheckedIOException(query, e);
    }
  }

  int status() {
    return stream.status();
  }

  String header(String name) {
    return stream.header(name);
  }

  /** Every event, the node's own included. */
  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** What was published. */
  List<Event> messages() {
    return events().stream().filter(event -> !CONTROL.contains(event.type())).toList();
  }

  /** The data of what was published. */
  List<String> data() {
    return messages().stream().map(Event::data).toList();
  }

  List<Event> ofType(String type) {
    return events().stream().filter(event -> event.type().equals(type)).toList();
  }

  List<Event> resets() {
    return ofType("reset");
  }

  synchronized List<String> comments() {
    return List.copyOf(comments);
  }

  /** The ids of blocks that dispatch nothing. */
  synchronized List<String> idOnly() {
    return List.copyOf(idOnly);
  }

  synchronized List<Long> retries() {
    return List.copyOf(retries);
  }

  /** The stream's first bytes. */
  synchronized String raw() {
    return raw.toString();
  }

  /** What a browser would send as {@code Last-Event-ID} now: what it sent, until an id comes. */
  synchronized String cursor() {
    return cursor;
  }

  /** {@link #cursor} without what would take this stream's connection id over. */
  String place() {
    return cursor().replaceFirst("!.*", "");
  }

  synchronized boolean ended() {
    return ended;
  }

  /** Takes nothing off the socket any more; at most one more buffer. */
  synchronized void stall() {
    stalled = true;
  }

  synchronized void readAgain() {
    stalled = false;
    notifyAll();
  }

  /** Waits until it looks like that; fails with what it looks like instead. */
  OpenStream await(String what, Predicate<OpenStream> condition) {
    return await(what, SOON, condition);
  }

  synchronized OpenStream await(String what, Duration within, Predicate<OpenStream> condition) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.test(this)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("no " + what + " within " + within + "; " + this);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted waiting for " + what, e);
      }
    }
    return this;
  }

  OpenStream awaitConnected() {
    return await("connected", s -> !s.events.isEmpty());
  }

  OpenStream awaitMessages(int count) {
    return await(count + " messages", s -> s.messageCount >= count);
  }

  OpenStream awaitEnd() {
    return await("end", s -> s.ended);
  }

  /** What {@code connected} said. */
  JsonNode connected() {
    awaitConnected();
    return events().get(0).json();
  }

  @Override
  public void close() {
    readAgain();
    try {
      stream.close();
    } catch (IOException e) {
      // It was on its way out anyway.
    }
  }

  private void read() {
    byte[] buffer = new byte[8192];
    SseParser parser = new SseParser("", new Recorder());
    try (stream) {
      for (int n = stream.read(buffer, take()); n >= 0; n = stream.read(buffer, take())) {
        synchronized (this) {
          if (raw.length() < RAW_KEPT) {
            raw.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
          }
          parser.feed(buffer, n);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // A broken stream has ended as well.
    }
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  /** Waits while stalled; then how much to read at once. */
  private synchronized int take() {
    while (stalled) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return 8192;
  }

  @Override
  public synchronized String toString() {
    List<Event> last = events.subList(Math.max(0, events.size() - 5), events.size());
    return "status "
        + status()
        + (ended ? " ended, " : ", ")
        + messageCount
        + " messages, last "
        + last.stream().map(e -> e.type + "|" + shortened(e.data) + "|" + e.id).toList()
        + ", comments "
        + comments.subList(Math.max(0, comments.size() - 3), comments.size())
        + ", id-only "
        + idOnly.subList(Math.max(0, idOnly.size() - 3), idOnly.size());
  }

  private static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  /** Called with the lock held. */
  private final class Recorder implements SseParser.Sink {
    @Override
    public void event(String type, String data, String id) {
      cursor = id;
      messageCount += CONTROL.contains(type) ? 0 : 1;
      events.add(new Event(type, data, id, System.nanoTime()));
    }

    @Override
    public void idOnly(String id) {
      cursor = id;
      idOnly.add(id);
    }

    @Override
    public void comment(String text) {
      comments.add(text.strip());
    }

    @Override
    public void retry(long millis) {
      retries.add(millis);
    }
  }
}
