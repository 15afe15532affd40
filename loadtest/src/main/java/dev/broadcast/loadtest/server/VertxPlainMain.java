package dev.broadcast.loadtest.server;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The plain Vert.x way, as the node's yardstick: one verticle's worth of code, a set of responses
 * per topic, the event encoded once and {@code response.write} for each. Nothing is left out to
 * make it slow (native transport, no copies, a number as id) and nothing is added to make it fast.
 */
public final class VertxPlainMain {
  private static final String GLOBAL = "global";

  private final Map<String, Set<HttpServerResponse>> streams = new HashMap<>();
  private long sequence;

  private VertxPlainMain() {}

  /** Listens on 127.0.0.1 at the port given, 0 picks one. */
  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    vertx
        .createHttpServer()
        .requestHandler(new VertxPlainMain().routes(vertx))
        .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
        .onSuccess(
            server -> System.out.println("listening on http://127.0.0.1:" + server.actualPort()))
        .onFailure(
            why -> {
              System.err.println(why.getMessage());
              System.exit(1);
            });
  }

  private Router routes(Vertx vertx) {
    Router router = Router.router(vertx);
    router.get("/events").handler(this::subscribe);
    router.post("/events").handler(BodyHandler.create(false)).handler(this::publish);
    return router;
  }

  private void subscribe(RoutingContext context) {
    HttpServerResponse response = context.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store");
    String topic =
        context.queryParams().contains("topic") ? context.queryParams().get("topic") : GLOBAL;
    Set<HttpServerResponse> ofTopic =
        streams.computeIfAbsent(topic, absent -> new LinkedHashSet<>());
    ofTopic.add(response);
    response.closeHandler(ended -> ofTopic.remove(response));
    var unused = response.write(": connected\n\n");
  }

  private void publish(RoutingContext context) {
    sequence++;
    JsonObject message = context.body().asJsonObject();
    Buffer event =
        Buffer.buffer("id: " + sequence + "\ndata: " + message.getString("data") + "\n\n");
    for (HttpServerResponse stream :
        streams.getOrDefault(message.getString("topic", GLOBAL), Set.of())) {
      var unused = stream.write(event);
    }
    context.json(new JsonObject().put("id", String.valueOf(sequence)));
  }
}
