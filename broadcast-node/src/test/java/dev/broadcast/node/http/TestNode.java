package dev.broadcast.node.http;

import dev.broadcast.node.backplane.MemoryTickets;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.security.Guard;
import dev.broadcast.node.security.Keys;
import dev.broadcast.node.transport.GuardedTransport;
import dev.broadcast.node.transport.IncomingLimits;
import dev.broadcast.node.transport.IncomingWatch;
import dev.broadcast.node.transport.StreamTransports;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The routes behind a real server, and a hub that a test chooses. */
final class TestNode implements AutoCloseable {
  private static final IncomingLimits LIMITS =
      new IncomingLimits(
          Duration.ofMillis(700), Duration.ofMillis(700), 20_000, Duration.ofSeconds(2));
  private final Vertx vertx =
      Vertx.builder().withTransport(GuardedTransport.best(LIMITS)).build(); // as in a node
  private final HttpServer server;

  TestNode(Hub hub, HttpSettings settings, Keys keys, String prefix) throws Exception {
    this(hub, settings, keys, prefix, false);
  }

  /**
   * @param ahead whether the routes stand before the router, as in a node, or on it alone, as in a
   *     program that mounts them
   */
  TestNode(Hub hub, HttpSettings settings, Keys keys, String prefix, boolean ahead)
      throws Exception {
    Router router = Router.router(vertx);
    BroadcastRoutes routes =
        new BroadcastRoutes(
            vertx,
            hub,
            settings,
            Guard.of(keys, true),
            StreamTransports::open,
            new MemoryTickets(Runnable::run, InstantSource.system(), null),
            null);
    routes.mount(router, prefix);
    Requests.answerTheRest(router);
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxHeaderSize(32 << 10)
                    .setMaxInitialLineLength(32 << 10)
                    .setHttp2ClearTextEnabled(false))
            .requestHandler(ahead ? routes.before(router) : router)
            .invalidRequestHandler(Requests::invalid)
            .connectionHandler(c -> IncomingWatch.install(c, LIMITS));
    server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  TestNode(Hub hub) throws Exception {
    this(
        hub,
        new HttpSettings(
            20_000, Duration.ofMillis(700), 20, 5, 200, 0, 0, Duration.ofSeconds(60), false),
        Keys.NONE,
        "");
  }

  int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
