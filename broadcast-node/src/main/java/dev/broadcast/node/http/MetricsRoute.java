package dev.broadcast.node.http;

import dev.broadcast.node.ops.metrics.NodeMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Set;

/** {@code GET /metrics}. */
final class MetricsRoute {
  private final Vertx vertx;
  private final NodeMetrics metrics;

  MetricsRoute(Vertx vertx, NodeMetrics metrics) {
    this.vertx = vertx;
    this.metrics = metrics;
  }

  /** Written on a thread of its own: a page takes milliseconds, the first one far more. */
  void get(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    String accept = exchange.head().get(Head.Field.ACCEPT);
    exchange.then(
        vertx
            .executeBlocking(() -> metrics.scrape(accept), false)
            .toCompletionStage()
            .toCompletableFuture(),
        page -> {
          if (!exchange.over()) {
            exchange.response().putHeader(HttpHeaders.CONTENT_TYPE, page.contentType());
            exchange.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            exchange.send(Buffer.buffer(page.body()));
          }
        });
  }
}
