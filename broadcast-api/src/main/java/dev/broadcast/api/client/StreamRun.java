package dev.broadcast.api.client;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.stream.StreamEvent;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subscription: opens one link after another, each after the last event of the one before,
 * until the subscriber leaves, the node says that it is over, or refuses.
 */
final class StreamRun implements StreamLink.Listener, Outlet.Upstream {
  private final HttpClient http;
  private final Requests requests;
  private final ClientSettings settings;
  private final ScheduledExecutorService timer;
  private final SubscribeOptions options;
  private final Backoff backoff;
  private final Outlet<StreamEvent> outlet;
  private final ScheduledFuture<?> watch;
  private final Consumer<StreamRun> gone;

  private @Nullable StreamLink link;
  private @Nullable StreamEvents events;
  private @Nullable String cursor;
  private boolean opened;
  private boolean over;

  StreamRun(
      HttpClient http,
      Requests requests,
      ClientSettings settings,
      ScheduledExecutorService timer,
      SubscribeOptions options,
      Flow.Subscriber<? super StreamEvent> subscriber,
      Consumer<StreamRun> gone) {
    this.http = http;
    this.requests = requests;
    this.settings = settings;
    this.timer = timer;
    this.options = options;
    this.gone = gone;
    this.backoff = new Backoff(settings.backoffMin(), settings.backoffMax());
    this.outlet = new Outlet<>(subscriber, this);
    long often = settings.deadAfter() == null ? 1_000 : settings.deadAfter().toMillis() / 4 + 1;
    this.watch = timer.scheduleWithFixedDelay(this::watch, often, often, TimeUnit.MILLISECONDS);
  }

  void begin() {
    outlet.begin();
    connect();
  }

  /** The subscriber can take more than there is. */
  @Override
  public void more() {
    StreamLink reading;
    synchronized (this) {
      reading = link;
    }
    if (reading != null) {
      reading.read();
    }
  }

  /** The subscriber left. */
  @Override
  public void cancelled() {
    StreamLink closed;
    synchronized (this) {
      over = true;
      closed = link;
    }
    left();
    if (closed != null) {
      closed.cancel();
    }
  }

  private void connect() {
    StreamLink next = new StreamLink(this);
    HttpRequest request;
    synchronized (this) {
      if (over) {
        return;
      }
      link = next;
      events = new StreamEvents(settings.maxEventSize());
      try {
        request = requests.stream(options, cursor);
      } catch (RuntimeException e) {
        end(e);
        return;
      }
    }
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(request, head -> body(next, head));
    // Not the request's own timeout: newer JDKs count the body, which here never ends.
    ScheduledFuture<?> patience =
        timer.schedule(
            () -> answer.cancel(true), settings.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    var unused =
        answer.whenComplete(
            (response, failure) -> {
              patience.cancel(false);
              if (failure != null) {
                over(next, failure);
              } else {
                answered(next, response);
              }
            });
    if (outlet.wantsMore()) {
      next.read();
    }
  }

  /** A stream is read by its link; of an answer that is none only the status counts. */
  private static HttpResponse.BodySubscriber<String> body(
      StreamLink link, HttpResponse.ResponseInfo head) {
    return isStream(head.statusCode(), head.headers())
        ? BodySubscribers.mapping(link, nothing -> "")
        : BodySubscribers.ofString(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static boolean isStream(int status, java.net.http.HttpHeaders headers) {
    return status == 200
        && headers.firstValue("Content-Type").orElse("").startsWith("text/event-stream");
  }

  private void answered(StreamLink from, HttpResponse<String> response) {
    int status = response.statusCode();
    if (isStream(status, response.headers())) {
      return;
    }
    boolean mine;
    boolean knownHere;
    synchronized (this) {
      mine = from == link && !over;
      knownHere = opened;
    }
    if (!mine) {
      return;
    }
    if (status == 204) {
      end(null);
    } else if (status == 200) {
      end(new RefusedException(200, "an event stream expected", "Content-Type"));
    } else if (Answers.passing(status) || (status == 409 && knownHere)) {
      // 409: our own stream of before, which its node still takes for alive.
      interrupted(from, "status " + status, Answers.retryAfter(response.headers()));
    } else {
      end(RefusedException.of(status, response.body()));
    }
  }

  @Override
  public void bytes(StreamLink from, List<ByteBuffer> bytes) {
    StreamEvents reading;
    synchronized (this) {
      reading = from == link && !over ? events : null;
    }
    if (reading == null) {
      return;
    }
    List<StreamEvent> arrived;
    try {
      arrived = reading.read(bytes);
    } catch (IOException | InvalidMessageException e) {
      from.cancel();
      end(e);
      return;
    }
    synchronized (this) {
      cursor = reading.cursor() == null ? cursor : reading.cursor();
      if (reading.opened()) {
        opened = true;
        backoff.reset();
      }
    }
    outlet.add(arrived);
  }

  @Override
  public void over(StreamLink from, @Nullable Throwable failure) {
    StreamEvents read;
    synchronized (this) {
      read = from == link && !over ? events : null;
    }
    if (read == null) {
      return;
    }
    String said = read.closing();
    if (said == null) {
      interrupted(from, reason(failure), Duration.ZERO);
    } else if (said.equals("until")) {
      end(null);
    } else if (said.equals("replaced")) {
      end(new RefusedException(409, "somebody else listens under this connection id now", "id"));
    } else {
      interrupted(from, said, read.retry());
    }
  }

  /** Comes back later; after {@code wait} exactly, if the node named it: it has jitter already. */
  private void interrupted(StreamLink from, String reason, Duration wait) {
    Duration pause;
    synchronized (this) {
      if (from != link || over) {
        return;
      }
      link = null;
      pause = wait.isZero() ? backoff.next() : wait;
    }
    from.cancel();
    requests.nextNode();
    outlet.add(List.of(new StreamEvent.Interrupted(reason)));
    var unused = timer.schedule(this::connect, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void end(@Nullable Throwable failure) {
    synchronized (this) {
      over = true;
      link = null;
    }
    left();
    outlet.end(failure);
  }

  /** The client is closed: the stream ends, too. */
  void close() {
    StreamLink closed;
    synchronized (this) {
      if (over) {
        return;
      }
      closed = link;
    }
    end(null);
    if (closed != null) {
      closed.cancel();
    }
  }

  private void left() {
    watch.cancel(false);
    gone.accept(this);
  }

  /** Bytes that were asked for and do not come, not even a heartbeat's, come from a dead link. */
  private void watch() {
    StreamLink watched;
    Duration longest;
    synchronized (this) {
      watched = link;
      Duration set = settings.deadAfter();
      longest = set != null ? set : events == null ? Duration.ZERO : events.deadAfter();
    }
    if (watched != null && !longest.isZero() && watched.silence() > longest.toNanos()) {
      interrupted(watched, "silent for " + longest.toMillis() + " ms", Duration.ZERO);
    }
  }

  private static String reason(@Nullable Throwable failure) {
    if (failure == null) {
      return "ended without goodbye";
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof CancellationException) {
      return "no answer in time";
    }
    return String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
  }
}
