package dev.broadcast.node.http;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.broadcaster.UnknownTypeException;
import dev.broadcast.node.backplane.BackplaneException;
import dev.broadcast.node.security.AccessDeniedException;
import dev.broadcast.node.security.Caller;
import dev.broadcast.node.security.CredentialsUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer. Only on the request's event loop. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence PROBLEM =
      HttpHeaders.createOptimized("application/problem+json");
  private static final CharSequence CHALLENGE =
      HttpHeaders.createOptimized("Bearer realm=\"broadcast\"");
  private static final CharSequence CHALLENGE_AGAIN =
      HttpHeaders.createOptimized("Bearer realm=\"broadcast\", error=\"invalid_token\"");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

  private final HttpServerRequest request;
  private final Head head;
  private final Caller caller;
  private @Nullable Query query;

  Exchange(HttpServerRequest request, Head head, Caller caller) {
    this.request = request;
    this.head = head;
    this.caller = caller;
  }

  HttpServerRequest request() {
    return request;
  }

  HttpServerResponse response() {
    return request.response();
  }

  /** Its headers. */
  Head head() {
    return head;
  }

  /**
   * A segment of the path, decoded.
   *
   * @param fromEnd 0 for the last one
   */
  String segment(int fromEnd) {
    String path = request.path();
    int end = path.length();
    for (int i = 0; i < fromEnd; i++) {
      end = path.lastIndexOf('/', end - 1);
    }
    return Query.decode(path, path.lastIndexOf('/', end - 1) + 1, end, false);
  }

  /** Who asks. */
  Caller caller() {
    return caller;
  }

  Query query() {
    if (query == null) {
      query = Query.parse(request.query());
    }
    return query;
  }

  /** Whether nothing can be answered any more: the client left, or was answered. */
  boolean over() {
    return response().ended() || response().closed();
  }

  /** Answers JSON. */
  void json(int status, byte[] body) {
    answer(status, JSON, body);
  }

  /** Answers with a body of some type. */
  void answer(int status, CharSequence type, byte[] body) {
    if (!over()) {
      response().setStatusCode(status);
      response().putHeader(HttpHeaders.CONTENT_TYPE, type);
      response().putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
      send(Buffer.buffer(body));
    }
  }

  /** Answers without a body. */
  void empty(int status) {
    if (!over()) {
      response().setStatusCode(status).end();
    }
  }

  /**
   * Goes on when {@code future} completes, on this request's event loop whichever thread that is
   * on; a failure of either is answered. A stream opened on another loop would be served by two
   * threads at once: of those let in by a ticket, whose future ends on the hub thread, 3 in 2,000
   * never got their history.
   */
  <T> void then(CompletableFuture<T> future, Consumer<T> next) {
    if (future.isDone() && !future.isCompletedExceptionally()) {
      next.accept(future.join());
      return;
    }
    Thread loop = Thread.currentThread();
    Context context = Vertx.currentContext();
    var unused =
        future.whenComplete(
            (value, failure) -> {
              if (context == null || Thread.currentThread() == loop) {
                goOn(value, failure, next);
              } else {
                context.runOnContext(back -> goOn(value, failure, next));
              }
            });
  }

  private <T> void goOn(T value, @Nullable Throwable failure, Consumer<T> next) {
    if (failure != null) {
      fail(failure);
      return;
    }
    try {
      next.accept(value);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /** Answers what was thrown. */
  void fail(Throwable thrown) {
    fail(request, thrown);
  }

  /** Ends the connection; of HTTP/2 the request's stream, since others are on the connection. */
  static void hangUp(HttpServerRequest request) {
    if (isHttp2(request)) {
      var unused = request.response().reset();
    } else {
      var unused = request.connection().close();
    }
  }

  private static boolean isHttp2(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2;
  }

  /** Answers what was thrown, also for a request that has not come as far as an exchange. */
  static void fail(HttpServerRequest request, Throwable thrown) {
    Throwable cause = thrown;
    // Futures that follow each other may each add one.
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Refusal refusal) {
      refuse(request, refusal);
    } else if (cause instanceof InvalidMessageException invalid) {
      refuse(request, Refusal.of(invalid));
    } else if (cause instanceof UnknownTypeException) {
      refuse(request, Refusal.notTaken(cause));
    } else if (cause instanceof AccessDeniedException denied) {
      if (denied.status() == 401) {
        request
            .response()
            .putHeader("WWW-Authenticate", denied.invalid() ? CHALLENGE_AGAIN : CHALLENGE);
      }
      refuse(
          request,
          Refusal.of(denied.status(), denied.field(), String.valueOf(denied.getMessage())));
    } else if (cause instanceof BackplaneException
        || cause instanceof CredentialsUnavailableException) {
      refuse(request, Refusal.of(503, null, String.valueOf(cause.getMessage())));
    } else {
      LOG.error("event=request_failed method={} path={}", request.method(), request.path(), cause);
      refuse(request, Refusal.of(500, null, "this is a fault of the server; it is logged"));
    }
  }

  private static void refuse(HttpServerRequest request, Refusal refusal) {
    Problem problem = refusal.problem();
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.ended() || response.closed()) {
      return; // A body that breaks off after its answer, or under a stream, has nobody to tell.
    }
    response.setStatusCode(problem.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM);
    response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    if (problem.status() == 503 || problem.status() == 429) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(refusal.retryAfter()));
    }
    byte[] body = Json.bytes(problem::write);
    if (refusal.closes() && !isHttp2(request)) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
      response.end();
    } else {
      response.end(Buffer.buffer(body));
    }
  }

  /** Sends the body of an answer whose head is made; only its length for HEAD. */
  void send(Buffer body) {
    if (request.method().equals(HttpMethod.HEAD)) {
      response().putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
      response().end();
    } else {
      response().end(body);
    }
  }
}
