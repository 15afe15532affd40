package dev.broadcast.node;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/** Starts a node from the command line. */
public final class Main {

  private Main() {}

  /** Runs until the process is told to end. */
  public static void main(String[] args) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    vertx
        .createHttpServer()
        .requestHandler(request -> request.response().end("placeholder\n"))
        .listen(8080, "127.0.0.1")
        .onSuccess(
            server -> System.out.println("listening on http://127.0.0.1:" + server.actualPort()));
  }
}
