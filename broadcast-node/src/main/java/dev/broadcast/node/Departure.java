package dev.broadcast.node;

import dev.broadcast.node.transport.OpenRequests;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * How a node leaves its port: whoever has asked gets an answer before the socket is closed. While
 * balancers still send requests it goes on listening, for up to half of the time that a stop may
 * take, and every answer is its connection's last one; then it listens no more and waits for what
 * is under way.
 *
 * <p>Why not at once: a connection that the system has accepted, and the program has not yet, is
 * reset when the port is closed, request and all.
 */
final class Departure {
  /** Longer than a round trip within a site, shorter than anybody at a terminal notices. */
  private static final Duration QUIET = Duration.ofMillis(150);

  private static final long STEP_MILLIS = 20;

  private final Vertx vertx;
  private final OpenRequests open;
  private final long listeningUntil;
  private final long end;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private boolean listening = true;

  /**
   * Begins: every answer is its connection's last one from now on.
   *
   * @param within how long the whole stop may take
   */
  Departure(Vertx vertx, OpenRequests open, Duration within) {
    this.vertx = vertx;
    this.open = open;
    long now = System.nanoTime();
    listeningUntil = now + within.toNanos() / 2;
    end = now + within.toNanos() * 9 / 10;
    open.leave();
  }

  /** Completes when everybody has an answer, or time is up. Nobody is accepted then. */
  CompletableFuture<Void> settled() {
    vertx.runOnContext(now -> look());
    return done;
  }

  private void look() {
    long now = System.nanoTime();
    if (listening && (open.quietFor(QUIET) || now - listeningUntil > 0)) {
      listening = false;
      open.unbind();
    }
    if (now - end > 0) {
      done.complete(null);
    } else if (listening || !open.quietFor(QUIET)) {
      again();
    } else {
      var unused =
          open.busy()
              .thenAccept(
                  busy -> {
                    if (busy) {
                      again();
                    } else {
                      shutDownMultiplexed();
                    }
                  });
    }
  }

  private void again() {
    vertx.setTimer(STEP_MILLIS, timer -> look());
  }

  private void shutDownMultiplexed() {
    Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    var unused =
        open.shutDownMultiplexed(left).whenComplete((gone, failure) -> done.complete(null));
  }
}
