package dev.broadcast.node.http;

import dev.broadcast.node.backplane.Tickets;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Hub.Admission;
import dev.broadcast.node.ops.metrics.NodeMetrics;
import dev.broadcast.node.security.Caller;
import dev.broadcast.node.security.CredentialPendingException;
import dev.broadcast.node.security.CredentialsUnavailableException;
import dev.broadcast.node.security.Guard;
import dev.broadcast.node.security.Right;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node's routes, for a Vert.x Web router: the node's own or that of a program which has other
 * routes beside them. Mount them before any body handler; they read bodies themselves.
 */
public final class BroadcastRoutes {
  private final Vertx vertx;
  private final Guard guard;
  private final Cors cors;
  private final TicketRoute tickets;
  private static final String HEALTH = "/health/";
  private static final String PAGE = "/";

  private final Map<String, Resource> resources;
  private final Map<String, Resource> below = new LinkedHashMap<>();
  private final Map<String, Resource> management;

  /**
   * @param vertx for timers
   * @param hub what the routes speak for
   * @param settings the bounds of requests
   * @param guard who may do what
   * @param opening how streams leave
   * @param sold where tickets are kept
   * @param metrics what {@code /metrics} shows, or null where there is no such path
   */
  public BroadcastRoutes(
      Vertx vertx,
      Hub hub,
      HttpSettings settings,
      Guard guard,
      StreamOpening opening,
      Tickets sold,
      @Nullable NodeMetrics metrics) {
    this.vertx = vertx;
    this.guard = guard;
    this.cors = new Cors(guard.origins());
    BodyReader bodies = new BodyReader(vertx, settings);
    RateLimit limit = new RateLimit(settings.maxPublishesPerSecond(), System::nanoTime);
    StreamRoute stream = new StreamRoute(vertx, hub, settings, opening);
    tickets = new TicketRoute(guard, sold, stream, bodies, settings);
    PublishRoute publish = new PublishRoute(hub, settings, bodies, limit);
    SendRoute send = new SendRoute(hub, bodies, limit);
    HistoryRoute history = new HistoryRoute(hub, settings);
    StatusRoute status = new StatusRoute(hub);
    Map<String, Resource> all = new HashMap<>();
    all.put("/api", asset("api.html", "text/html; charset=utf-8"));
    all.put("/broadcast.js", asset("broadcast.js", "text/javascript; charset=utf-8"));
    all.put("/broadcast.mjs", asset("broadcast.mjs", "text/javascript; charset=utf-8"));
    all.put("/broadcast.d.ts", asset("broadcast.d.ts", "text/plain; charset=utf-8"));
    PageRoutes page = new PageRoutes();
    all.put(PAGE, page.page());
    below.put("/page/:file", page.file());
    all.put("/cluster", new Resource().on("GET", Right.ADMINISTER, new ClusterRoute(hub)::get));
    ConnectionsRoute connections = new ConnectionsRoute(hub, bodies);
    EventTypesRoute types = new EventTypesRoute(hub);
    below.put(
        "/connections/:id",
        new Resource()
            .on("GET", Right.ADMINISTER, connections::get)
            .on("DELETE", Right.ADMINISTER, connections::close));
    below.put(
        "/connections/:id/events", new Resource().on("POST", Right.ADMINISTER, connections::send));
    below.put("/event-types/:type", new Resource().on("PUT", Right.ADMINISTER, types::put));
    all.put(
        "/connections",
        new Resource()
            .on("GET", Right.ADMINISTER, connections::list)
            .on("DELETE", Right.ADMINISTER, connections::closeAll));
    all.put(
        "/connections/stats", new Resource().on("GET", Right.SUBSCRIBE, connections::statistics));
    all.put("/topics", new Resource().on("GET", Right.SUBSCRIBE, new TopicsRoute(hub)::get));
    all.put("/event-types", new Resource().on("GET", Right.SUBSCRIBE, types::get));
    all.putAll(
        Map.of(
            "/events",
            new Resource()
                .onWithTicket("GET", Right.SUBSCRIBE, stream::get)
                .on("POST", Right.PUBLISH, publish::post),
            "/tickets",
            new Resource().on("POST", Right.SUBSCRIBE, tickets::post),
            "/send",
            new Resource().on("POST", Right.PUBLISH, send::post),
            "/status",
            new Resource().on("GET", Right.SUBSCRIBE, status::get),
            "/history",
            new Resource()
                .on("GET", Right.SUBSCRIBE, history::get)
                .on("DELETE", Right.ADMINISTER, history::delete),
            "/openapi.yaml",
            new Resource().on("GET", Right.NONE, OpenApi::get),
            "/health/live",
            new Resource().on("GET", Right.NONE, status::live),
            "/health/ready",
            new Resource().on("GET", Right.NONE, status::ready)));
    if (metrics != null) {
      all.put(
          "/metrics",
          new Resource()
              .on("GET", Right.ADMINISTER, new MetricsRoute(vertx, metrics)::get)
              .forManagement());
    }
    this.management = Map.copyOf(all);
    if (settings.managementPort()) {
      all.values().removeIf(Resource::isForManagement);
    }
    this.resources = Map.copyOf(all);
  }

  /**
   * Answers on the management port: health, and what is there for management alone, to whoever
   * reaches it.
   */
  public Handler<HttpServerRequest> onManagementPort() {
    return request -> {
      String path = request.path();
      Resource resource = path == null ? null : management.get(path);
      boolean served = resource != null && (resource.isForManagement() || path.startsWith(HEALTH));
      if (!served || resource == null) {
        Requests.answerNotFound(request);
        return;
      }
      try {
        Head head = Head.of(request);
        guard.checkHost(head.forGuard());
        Resource.@Nullable Action action = resource.action(request.method().name());
        if (action == null) {
          request.response().putHeader(HttpHeaders.ALLOW, resource.allowed());
          throw Refusal.of(405, null, "one of " + resource.allowed() + " expected");
        }
        action.handler().handle(new Exchange(request, head, Caller.anybody()));
      } catch (RuntimeException e) {
        Exchange.fail(request, e);
      }
    };
  }

  private static Resource asset(String file, String type) {
    return new Resource().on("GET", Right.NONE, new AssetRoute(file, type)::get);
  }

  /** What answers at which path; {@code :NAME} stands for one segment. */
  Map<String, Resource> resources() {
    Map<String, Resource> all = new HashMap<>(resources);
    all.putAll(below);
    return all;
  }

  /**
   * Adds the routes. Paths that are not theirs are left to the router's other routes.
   *
   * @param prefix empty, or a path such as {@code /broadcast} which every route begins with
   */
  public void mount(Router router, String prefix) {
    if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
      throw new IllegalArgumentException(
          "prefix: empty, or a path that begins with / and does not end with it, expected");
    }
    if (!prefix.isEmpty()) {
      Resource redirect = PageRoutes.redirect(prefix);
      router.route(prefix).handler(ctx -> handle(ctx, redirect, prefix));
    }
    for (Map.Entry<String, Resource> entry : resources.entrySet()) {
      router
          .route(prefix + entry.getKey())
          .handler(ctx -> handle(ctx, entry.getValue(), prefix + entry.getKey()));
    }
    for (Map.Entry<String, Resource> entry : below.entrySet()) {
      router.route(prefix + entry.getKey()).handler(ctx -> handleBelow(ctx, entry.getValue()));
    }
  }

  /**
   * Answers requests for exactly these paths, and leaves all others to {@code rest}: for a server
   * that has nothing beside them.
   *
   * <p>Why not the router alone: its context, route by route iteration and header parsing are a
   * sixth of the code that the first 50,000 connects make hot, and a new client must not pay for
   * it.
   *
   * @param rest for example a router on which the routes are mounted, too: it knows other ways to
   *     write the same path
   */
  public Handler<HttpServerRequest> before(Handler<HttpServerRequest> rest) {
    return request -> {
      String path = request.path();
      Resource resource = path == null ? null : resources.get(path);
      if (resource == null) {
        cors.allow(request, request.getHeader(HttpHeaders.ORIGIN)); // that it is unknown, too
        rest.handle(request);
      } else {
        answer(request, resource);
      }
    };
  }

  private void handle(RoutingContext ctx, Resource resource, String path) {
    if (path.equals(ctx.normalizedPath())) {
      answer(ctx.request(), resource);
    } else {
      // Vert.x Web also matches a trailing slash, which is another path.
      ctx.next();
    }
  }

  private void handleBelow(RoutingContext ctx, Resource resource) {
    if (ctx.request().path().endsWith("/")) {
      ctx.next();
    } else {
      answer(ctx.request(), resource);
    }
  }

  private void answer(HttpServerRequest request, Resource resource) {
    try {
      Head head = Head.of(request);
      if (head.get(Head.Field.ORIGIN) != null) {
        cors.allow(request, head.get(Head.Field.ORIGIN));
      }
      if (head.mayHaveBody()) {
        request.exceptionHandler(broken -> Exchange.fail(request, BodyReader.broken()));
      }
      try {
        answer(request, head, resource);
      } catch (CredentialPendingException pending) {
        answerLater(request, head, resource, pending);
      } catch (CredentialsUnavailableException unavailable) {
        notNow(request, head, resource, unavailable);
      }
    } catch (RuntimeException e) {
      Exchange.fail(request, e);
    }
  }

  private void answer(HttpServerRequest request, Head head, Resource resource) {
    String method = request.method().name();
    Resource.@Nullable Action action = resource.action(method);
    if (action == null) {
      guard.checkHost(head.forGuard());
      request.response().putHeader(HttpHeaders.ALLOW, resource.allowed());
      if (!method.equals("OPTIONS")) {
        throw Refusal.of(405, null, "one of " + resource.allowed() + " expected");
      }
      cors.preflight(request, head, resource.allowed());
      request.response().setStatusCode(204).end();
    } else if (resource.takesTickets(method) && TicketRoute.shown(request, head)) {
      tickets.redeem(request, head);
    } else {
      Caller caller = guard.check(action.right(), head.forGuard());
      action.handler().handle(new Exchange(request, head, caller));
    }
  }

  /** Nobody can say now whether the credential is good; a stream must not end for good for that. */
  private static void notNow(
      HttpServerRequest request, Head head, Resource resource, RuntimeException why) {
    if (resource.takesTickets(request.method().name())) {
      StreamRoute.notNow(
          new Exchange(request, head, Caller.anybody()),
          new Admission.NotNow("unavailable", String.valueOf(why.getMessage())));
    } else {
      Exchange.fail(request, Refusal.of(503, null, "credentials cannot be checked now; try again"));
    }
  }

  /** What the credential is checked with is on its way; the body waits meanwhile. */
  private void answerLater(
      HttpServerRequest request, Head head, Resource resource, CredentialPendingException pending) {
    request.pause();
    Context context = vertx.getOrCreateContext();
    var unused =
        pending
            .until()
            .handle(
                (done, failure) -> {
                  context.runOnContext(
                      now -> {
                        try {
                          answer(request, head, resource);
                        } catch (CredentialPendingException | CredentialsUnavailableException e) {
                          notNow(request, head, resource, e);
                        } catch (RuntimeException e) {
                          Exchange.fail(request, e);
                        }
                        request.resume();
                      });
                  return null;
                });
  }
}
