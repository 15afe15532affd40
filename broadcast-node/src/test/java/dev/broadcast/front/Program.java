package dev.broadcast.front;

import dev.broadcast.api.access.Authenticator;
import dev.broadcast.api.broadcaster.Broadcaster;
import dev.broadcast.node.BroadcastNode;
import dev.broadcast.testing.Http;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Somebody's program: its Vert.x, its server with a router, and maybe a node mounted into it. */
final class Program implements AutoCloseable {
  private final Vertx vertx;
  private final @Nullable BroadcastNode node;
  private final String prefix;
  private final URI uri;

  private Program(Vertx vertx, Router router, @Nullable BroadcastNode node, String prefix) {
    this.vertx = vertx;
    this.node = node;
    this.prefix = prefix;
    int port =
        get(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1")).actualPort();
    uri = URI.create("http://127.0.0.1:" + port);
  }

  /** One with a node below {@code /live}. */
  static Program mounting(String... flags) {
    return mounting("/live", List.of(), flags);
  }

  /** One with a node, and a route {@code /own} beside it. */
  static Program mounting(String prefix, List<Authenticator> authenticators, String... flags) {
    Vertx vertx = Vertx.vertx();
    try {
      Router router = Router.router(vertx);
      router.get("/own").handler(ctx -> ctx.end("the program's"));
      BroadcastNode node = get(BroadcastNode.mount(vertx, router, prefix, authenticators, flags));
      return new Program(vertx, router, node, prefix);
    } catch (RuntimeException e) {
      get(vertx.close());
      throw e;
    }
  }

  /**
   * One without a node.
   *
   * @param prefix of the streams that it has
   */
  static Program of(String prefix, BiConsumer<Vertx, Router> routes) {
    Vertx vertx = Vertx.vertx();
    Router router = Router.router(vertx);
    routes.accept(vertx, router);
    return new Program(vertx, router, null, prefix);
  }

  URI uri() {
    return uri;
  }

  BroadcastNode node() {
    if (node == null) {
      throw new IllegalStateException("a program without a node");
    }
    return node;
  }

  Broadcaster broadcaster() {
    return node().broadcaster();
  }

  OpenStream listen(String query) {
    return OpenStream.of(uri, prefix, query, Map.of("Accept", "text/event-stream"));
  }

  Http.Answer get(String target) {
    try {
      return new Http("").get(uri, target);
    } catch (IOException e) {
      throw new UncheckedIOException(target, e);
    }
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(15, TimeUnit.SECONDS).join();
  }

  private static <T> T get(Future<T> future) {
    return get(future.toCompletionStage().toCompletableFuture());
  }

  @Override
  public void close() {
    if (node != null) {
      get(node.stop());
    }
    get(vertx.close());
  }
}
