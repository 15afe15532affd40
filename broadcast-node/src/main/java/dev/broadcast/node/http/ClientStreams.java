package dev.broadcast.node.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams of one client each, fed by a source of the program ({@code ClientStream}), as a handler
 * for a route of the program's own. A block is asked for when the client has taken the one before;
 * when the client leaves, the source is cancelled.
 */
public final class ClientStreams {
  private static final Logger LOG = LoggerFactory.getLogger(ClientStreams.class);

  private ClientStreams() {}

  /**
   * A handler.
   *
   * @param vertx the program's
   * @param stream makes the stream of a request: blocks of an event stream
   */
  public static Handler<RoutingContext> handler(
      Vertx vertx, Function<RoutingContext, Flow.Publisher<byte[]>> stream) {
    return ctx -> {
      HttpServerResponse response = ctx.response();
      Flow.Publisher<byte[]> blocks = stream.apply(ctx);
      response.setChunked(true);
      response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream");
      response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-transform");
      response.putHeader("X-Accel-Buffering", "no");
      var unused = response.writeHead();
      blocks.subscribe(new Writer(vertx.getOrCreateContext(), response));
    };
  }

  /** Writes what comes; on the request's event loop, whatever thread it comes from. */
  private static final class Writer implements Flow.Subscriber<byte[]> {
    private final Context context;
    private final HttpServerResponse response;
    private Flow.@Nullable Subscription source;

    Writer(Context context, HttpServerResponse response) {
      this.context = context;
      this.response = response;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      source = subscription;
      response.exceptionHandler(broken -> subscription.cancel());
      response.closeHandler(gone -> subscription.cancel());
      subscription.request(1);
    }

    @Override
    public void onNext(byte[] block) {
      context.runOnContext(
          now -> {
            Flow.Subscription asked = source;
            if (asked == null || response.closed()) {
              return;
            }
            var unused = response.write(Buffer.buffer(block));
            if (response.writeQueueFull()) {
              response.drainHandler(room -> asked.request(1));
            } else {
              asked.request(1);
            }
          });
    }

    @Override
    public void onError(Throwable failure) {
      LOG.warn("event=client_stream_failed", failure);
      onComplete();
    }

    @Override
    public void onComplete() {
      context.runOnContext(
          now -> {
            if (!response.ended() && !response.closed()) {
              var unused = response.end();
            }
          });
    }
  }
}
