package dev.broadcast.node.http;

import dev.broadcast.api.EventEncoder;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Hub.Admission;
import dev.broadcast.node.hub.StreamRequest;
import dev.broadcast.node.security.Caller;
import dev.broadcast.node.transport.IncomingWatch;
import dev.broadcast.node.transport.StreamTransport;
import dev.broadcast.node.transport.StreamTransport.Listener;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /events}: admits a stream and hands it to the hub. */
final class StreamRoute {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRoute.class);
  private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");
  private static final CharSequence CACHE = HttpHeaders.createOptimized("no-store, no-transform");
  private static final CharSequence ACCEL_BUFFERING =
      HttpHeaders.createOptimized("X-Accel-Buffering");
  private static final CharSequence NO = HttpHeaders.createOptimized("no");
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final int MAX_ECHO = 1024;

  private final Vertx vertx;
  private final Hub hub;
  private final HttpSettings settings;
  private final StreamOpening opening;
  private final RateLimit connects;

  StreamRoute(Vertx vertx, Hub hub, HttpSettings settings, StreamOpening opening) {
    this.vertx = vertx;
    this.hub = hub;
    this.settings = settings;
    this.opening = opening;
    this.connects = new RateLimit(settings.maxConnectsPerSecond(), System::nanoTime);
  }

  /**
   * What a request asks for.
   *
   * @param caller who is to get it
   */
  StreamRequest read(Exchange exchange, Caller caller) {
    if (!MediaType.acceptsEventStream(exchange.head().all(Head.Field.ACCEPT))) {
      throw Refusal.of(406, "Accept", "text/event-stream is all there is here");
    }
    return StreamQuery.read(exchange, caller, settings);
  }

  void get(Exchange exchange) {
    StreamRequest request = read(exchange, exchange.caller());
    if (exchange.request().method().equals(HttpMethod.HEAD)) {
      headers(exchange.response(), null);
      exchange.empty(200);
      return;
    }
    String tooMany = connects.countOne(exchange, "streams");
    if (tooMany != null) {
      notNow(exchange, new Admission.NotNow("limit", tooMany));
      return;
    }
    exchange.then(hub.admit(request), admission -> answer(exchange, admission));
  }

  private void answer(Exchange exchange, Admission admission) {
    if (admission instanceof Admission.Granted granted) {
      open(exchange, granted);
    } else if (admission instanceof Admission.Ended) {
      exchange.empty(204);
    } else if (admission instanceof Admission.IdInUse inUse) {
      exchange.fail(
          Refusal.of(
              409,
              "id",
              "a live connection has the id "
                  + Text.quoted(inUse.id())
                  + "; choose another, or come back with its cursor to take it over"));
    } else if (admission instanceof Admission.NotNow notNow) {
      notNow(exchange, notNow);
    }
  }

  private void open(Exchange exchange, Admission.Granted granted) {
    HttpConnection connection = exchange.request().connection();
    if (exchange.over() || IncomingWatch.clientEnded(connection)) {
      hub.forget(granted);
      Exchange.hangUp(exchange.request());
      return;
    }
    headers(exchange.response(), granted.echo());
    try {
      Opened opened = new Opened(opening, exchange.request());
      long expires = exchange.caller().expires();
      if (expires == Caller.NEVER) {
        hub.open(granted, opened);
      } else {
        StreamEnd end = new StreamEnd(vertx, opened);
        end.at(expires, hub.open(granted, end));
      }
      opened.flush();
    } catch (RuntimeException e) {
      LOG.error("event=stream_not_opened", e);
      Exchange.hangUp(exchange.request());
    }
  }

  /** Opens the stream when the hub has who is to be told, and remembers it. */
  private static final class Opened implements Function<Listener, StreamTransport> {
    private final StreamOpening opening;
    private final HttpServerRequest request;
    private @Nullable StreamTransport transport;

    Opened(StreamOpening opening, HttpServerRequest request) {
      this.opening = opening;
      this.request = request;
    }

    @Override
    public StreamTransport apply(Listener listener) {
      StreamTransport opened = opening.open(request, listener);
      transport = opened;
      return opened;
    }

    /** What the hub had to say at once, it has said. */
    void flush() {
      if (transport != null) {
        transport.flush();
      }
    }
  }

  private static void headers(HttpServerResponse response, @Nullable String echo) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM);
    response.putHeader(HttpHeaders.CACHE_CONTROL, CACHE);
    response.putHeader(ACCEL_BUFFERING, NO);
    if (echo != null && isPlain(echo)) {
      response.putHeader(LAST_EVENT_ID, echo);
    }
  }

  /**
   * An EventSource gives up for good at any status but 200, so it gets a stream that ends at once.
   * Its cursor stands in the event, since one without an id would wipe it.
   */
  static void notNow(Exchange exchange, Admission.NotNow notNow) {
    if (exchange.over()) {
      return;
    }
    if (!MediaType.namesEventStream(exchange.head().all(Head.Field.ACCEPT))) {
      refuse(exchange, notNow);
      return;
    }
    String cursor = StreamQuery.cursor(exchange.head(), exchange.query());
    String kept = cursor != null && isPlain(cursor) ? cursor : null;
    byte[] reason =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeStringField("reason", notNow.reason());
              json.writeEndObject();
            });
    headers(exchange.response(), kept);
    Duration wait = Duration.ofMillis(ThreadLocalRandom.current().nextLong(1_000, 5_000));
    exchange
        .response()
        .end(
            Buffer.buffer(EventEncoder.retry(wait))
                .appendBytes(
                    EventEncoder.event(
                        kept, "closing", new String(reason, StandardCharsets.UTF_8))));
  }

  private static void refuse(Exchange exchange, Admission.NotNow notNow) {
    int status = notNow.reason().equals("limit") ? 429 : 503;
    exchange.fail(Refusal.of(status, null, notNow.detail()));
  }

  private static boolean isPlain(String cursor) {
    return !cursor.isEmpty() && cursor.length() <= MAX_ECHO && Text.isVisible(cursor);
  }
}
