package dev.broadcast.node.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every request must be like, whatever its path, and what answers those that are not. */
public final class Requests {
  private Requests() {}

  /**
   * Answers requests whose head could not be read: for {@code HttpServer.invalidRequestHandler}.
   * The connection ends with it.
   */
  public static void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Refusal refusal;
    if (cause instanceof TooLongHttpLineException) {
      refusal = Refusal.closing(414, "request line", "at most 32 KiB");
    } else if (cause instanceof TooLongHttpHeaderException) {
      refusal = Refusal.closing(431, "headers", "at most 32 KiB in all");
    } else {
      refusal = Refusal.closing(400, "headers", "a request as RFC 9112 describes it expected");
    }
    Exchange.fail(request, refusal);
    request.connection().close();
  }

  /** Adds, behind all other routes, what answers to every path that nobody has. */
  public static void answerTheRest(Router router) {
    router.route().handler(ctx -> Exchange.fail(ctx.request(), notFound()));
    for (int status : List.of(400, 405, 406, 413, 414, 415, 500, 501)) {
      router.errorHandler(status, ctx -> Exchange.fail(ctx.request(), failure(ctx, status)));
    }
    router.errorHandler(404, ctx -> Exchange.fail(ctx.request(), notFound()));
  }

  /** Vert.x Web gives up before any route where the path or the host is none. */
  private static Throwable failure(RoutingContext ctx, int status) {
    if (status == 500 && ctx.failure() != null) {
      return ctx.failure();
    }
    try {
      check(ctx.request());
    } catch (Refusal e) {
      return e;
    }
    return Refusal.of(status, "path", "a path as RFC 3986 describes it expected");
  }

  private static Refusal notFound() {
    return Refusal.of(
        404, "path", "known are /events, /send, /status, /history, /health/live and /health/ready");
  }

  /** Whether there may be a body that can break off. */
  static boolean mayHaveBody(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        || request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  /** Refuses a head that the server let pass but nobody should act on. */
  static void check(HttpServerRequest request) {
    int hosts = 0;
    int codings = 0;
    for (Map.Entry<String, String> header : request.headers()) {
      String name = header.getKey();
      checkValue(name, header.getValue());
      if (isSame(HttpHeaders.HOST, name)) {
        hosts++;
      } else if (isSame(HttpHeaders.TRANSFER_ENCODING, name)) {
        codings += header.getValue().strip().equalsIgnoreCase("chunked") ? 1 : 2;
      }
    }
    if (request.version() == HttpVersion.HTTP_1_1 && hosts != 1) {
      throw Refusal.closing(400, "Host", "once expected (RFC 9112, 3.2)");
    }
    if (request.version() != HttpVersion.HTTP_1_0 && request.authority() == null) {
      throw Refusal.closing(400, "Host", "a name or address, and perhaps a port, expected");
    }
    if (codings > 1) {
      throw Refusal.closing(400, "Transfer-Encoding", "chunked, and nothing else, expected");
    }
  }

  private static void checkValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7f) {
        throw Refusal.closing(
            400, Text.shown(name), "control characters may not stand in a header");
      }
    }
  }

  private static boolean isSame(CharSequence known, String name) {
    return name.length() == known.length() && name.equalsIgnoreCase(known.toString());
  }

  static @Nullable String host(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    if (host != null) {
      return host;
    }
    HostAndPort authority = request.authority();
    return authority == null ? null : authority.toString();
  }

  /** The value of a header that may stand once, or null. */
  static @Nullable String once(HttpServerRequest request, CharSequence name) {
    String first = request.getHeader(name);
    if (first == null) {
      return null;
    }
    List<String> values = request.headers().getAll(name);
    if (values.size() > 1) {
      throw Refusal.badRequest(name.toString(), "once expected, not " + values.size() + " times");
    }
    return first;
  }
}
