package dev.broadcast.node;

import dev.broadcast.node.http.BroadcastRoutes;
import dev.broadcast.node.http.Requests;
import dev.broadcast.node.ops.InvalidSettingException;
import dev.broadcast.node.transport.IncomingLimits;
import dev.broadcast.node.transport.IncomingWatch;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One event loop's HTTP server. Deployed once; all listen on the same port. */
final class ServerVerticle extends AbstractVerticle {
  private static final int HEAD_BYTES = Requests.HEAD_BYTES;

  /** Of HTTP/2: beyond it the codec gives up, so that up to it we say what is wrong. */
  private static final int MULTIPLEXED_HEAD_BYTES = 4 * HEAD_BYTES;

  private final EventLoops loops;
  private volatile @Nullable HttpServer http;

  ServerVerticle(EventLoops loops) {
    this.loops = loops;
  }

  @Override
  public void start() {
    loops.add(context);
  }

  /**
   * Listens; from any thread.
   *
   * @param tls null for none
   * @param port negative for one that is picked, the same for all servers that ask so
   * @return the port
   */
  CompletableFuture<Integer> listen(
      BroadcastRoutes routes, IncomingLimits limits, @Nullable NodeTls tls, String host, int port) {
    CompletableFuture<Integer> bound = new CompletableFuture<>();
    context.runOnContext(
        ignored -> {
          Router router = Router.router(vertx);
          routes.mount(router, "");
          Requests.answerTheRest(router);
          HttpServerOptions options = options();
          if (tls != null) {
            tls.apply(options);
          }
          HttpServer server = vertx.createHttpServer(options);
          http = server;
          server
              .invalidRequestHandler(Requests::invalid)
              .requestHandler(routes.before(router))
              .connectionHandler(connection -> IncomingWatch.install(connection, limits))
              .listen(port, host)
              .onComplete(
                  listening -> bound.complete(listening.actualPort()),
                  (@Nullable Throwable failure) ->
                      bound.completeExceptionally(explained("--port", host, failure)));
        });
    return bound;
  }

  /**
   * Listens on the management port; from any thread. In the clear: it is for the machine's own
   * network.
   */
  CompletableFuture<Integer> listenForManagement(
      BroadcastRoutes routes, IncomingLimits limits, String host, int port) {
    CompletableFuture<Integer> bound = new CompletableFuture<>();
    context.runOnContext(
        ignored ->
            vertx
                .createHttpServer(options())
                .invalidRequestHandler(Requests::invalid)
                .requestHandler(routes.onManagementPort())
                .connectionHandler(connection -> IncomingWatch.install(connection, limits))
                .listen(port, host)
                .onComplete(
                    listening -> bound.complete(listening.actualPort()),
                    (@Nullable Throwable failure) ->
                        bound.completeExceptionally(
                            explained("--management-port", host, failure))));
    return bound;
  }

  /** A port that is taken, or not ours to take, by the flag that says so. */
  private static Throwable explained(String flag, String host, @Nullable Throwable failure) {
    if (failure == null) {
      return new IllegalStateException(flag + ": cannot be listened on");
    }
    return failure instanceof IOException
        ? new InvalidSettingException(
            flag, "cannot be listened on at " + host + ": " + failure.getMessage())
        : failure;
  }

  /** Serves another certificate from now on. */
  void renew(ServerSSLOptions tls) {
    HttpServer server = http;
    if (server != null) {
      var unused = server.updateSSLOptions(tls);
    }
  }

  private static HttpServerOptions options() {
    HttpServerOptions options = new HttpServerOptions();
    options.getInitialSettings().setMaxHeaderListSize(MULTIPLEXED_HEAD_BYTES);
    return options
        .setTcpNoDelay(true)
        // There are no web sockets here, so nothing need be on a pipeline that compresses theirs.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setAcceptBacklog(4096)
        .setMaxHeaderSize(HEAD_BYTES)
        .setMaxInitialLineLength(HEAD_BYTES);
  }
}
