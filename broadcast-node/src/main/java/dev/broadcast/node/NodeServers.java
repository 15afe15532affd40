package dev.broadcast.node;

import dev.broadcast.node.http.BroadcastRoutes;
import dev.broadcast.node.ops.Settings;
import dev.broadcast.node.transport.GuardedTransport;
import dev.broadcast.node.transport.IncomingLimits;
import dev.broadcast.node.transport.OpenRequests;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A node's own Vert.x and its servers: one on each event loop, one event loop a core, all of them
 * on the same port. Any thread.
 */
final class NodeServers {
  private final Settings settings;
  private final OpenRequests requests = new OpenRequests();
  private final IncomingLimits limits;
  private final Vertx vertx;
  private final EventLoops loops = new EventLoops();
  private final List<ServerVerticle> servers = new ArrayList<>();
  private volatile int port;

  /** Not listening yet. */
  NodeServers(Settings settings) {
    this.settings = settings;
    limits = PartSettings.incoming(settings, requests);
    vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(cores()))
            .withTransport(GuardedTransport.best(limits))
            .build();
  }

  Vertx vertx() {
    return vertx;
  }

  /** Finds their loops. */
  CompletableFuture<EventLoops> deploy() {
    List<Future<String>> deployed = new ArrayList<>();
    for (int i = 0; i < cores(); i++) {
      ServerVerticle server = new ServerVerticle(loops);
      servers.add(server);
      deployed.add(vertx.deployVerticle(server));
    }
    return Future.join(deployed).toCompletionStage().toCompletableFuture().thenApply(all -> loops);
  }

  /**
   * Listens, on the management port, too, if there is one.
   *
   * @param tls null for none; its certificate is looked after from then on
   */
  CompletableFuture<Void> listen(BroadcastRoutes routes, @Nullable NodeTls tls) {
    // Vert.x shares a port that was picked at random among all who ask for the same negative one.
    int wanted = settings.port() == 0 ? -1 : settings.port();
    List<CompletableFuture<Integer>> bound = new ArrayList<>();
    for (ServerVerticle server : servers) {
      bound.add(server.listen(routes, limits, tls, settings.host(), wanted));
    }
    int management = settings.access().managementPort();
    if (management > 0) {
      bound.add(servers.get(0).listenForManagement(routes, limits, settings.host(), management));
    }
    return CompletableFuture.allOf(bound.toArray(CompletableFuture[]::new))
        .thenAccept(
            done -> {
              port = bound.get(0).join();
              if (tls != null) {
                tls.watch(vertx, renewed -> servers.forEach(server -> server.renew(renewed)));
              }
            });
  }

  /** The port that they listen on. */
  int port() {
    return port;
  }

  /** Begins to leave the port. */
  Departure leave() {
    return new Departure(vertx, requests, settings.drain());
  }

  /** Ends them and their loops. */
  CompletableFuture<Void> close() {
    return vertx.close().toCompletionStage().toCompletableFuture();
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }
}
