package dev.broadcast.node.http;

import dev.broadcast.node.security.Origins;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of listed origins read answers (WHATWG Fetch, 3.2). Nobody else gets a header, so that
 * a page of an origin that is not listed learns nothing, not even that the node knows of such
 * lists.
 */
final class Cors {
  private static final CharSequence EXPOSED =
      HttpHeaders.createOptimized("Last-Event-ID, Retry-After");
  private static final CharSequence ALLOWED =
      HttpHeaders.createOptimized(
          "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Cache-Control");
  private static final CharSequence SECONDS = HttpHeaders.createOptimized("600");

  private final Origins origins;

  Cors(Origins origins) {
    this.origins = origins;
  }

  /** Says who may read the answer to come, if the request came from a listed origin. */
  void allow(HttpServerRequest request, @Nullable String origin) {
    if (origin == null || !origins.lists(origin)) {
      return;
    }
    HttpServerResponse response = request.response();
    response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    response.putHeader(HttpHeaders.VARY, "Origin");
  }

  /** Adds what a preflight asks: with which methods and headers the origin may come. */
  void preflight(HttpServerRequest request, Head head, String methods) {
    if (origins.lists(head.get(Head.Field.ORIGIN))
        && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) {
      HttpServerResponse response = request.response();
      response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methods);
      response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED);
      response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, SECONDS);
    }
  }
}
