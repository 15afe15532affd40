package dev.broadcast.node.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** What every request must be like, whatever its path, and what answers those that are not. */
public final class Requests {
  /**
   * What a head, and the request line in it, may take: more than a cursor, since one that is too
   * long must be answered by a reset.
   */
  public static final int HEAD_BYTES = 32 << 10;

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
      var unused = Head.of(ctx.request());
    } catch (Refusal e) {
      return e;
    } catch (RuntimeException e) {
      // A CONNECT of HTTP/2 has no scheme, and Vert.x Web stumbles over that.
    }
    return Refusal.of(status, "path", "a path as RFC 3986 describes it expected");
  }

  static void answerNotFound(HttpServerRequest request) {
    Exchange.fail(request, notFound());
  }

  private static Refusal notFound() {
    return Refusal.of(404, "path", "known are those of /openapi.yaml");
  }
}
