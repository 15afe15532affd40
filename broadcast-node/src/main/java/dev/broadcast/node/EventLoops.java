package dev.broadcast.node;

import dev.broadcast.node.transport.ContextLoops;
import dev.broadcast.node.transport.SocketTurns;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that this node's servers run on, each as an executor. Loops are added while the
 * node starts; afterwards any thread may ask which one it is.
 */
final class EventLoops {
  private final Map<Thread, Executor> byThread = new ConcurrentHashMap<>();
  private final List<Executor> all = new CopyOnWriteArrayList<>();
  private volatile @Nullable Executor firstForNextTurn;
  private volatile @Nullable Executor firstForSockets;

  /** All loops of a Vert.x that is there already: a verticle each, until none is new. */
  static CompletableFuture<EventLoops> of(Vertx vertx) {
    EventLoops loops = new EventLoops();
    return loops.meet(vertx, 0).thenApply(met -> loops);
  }

  private CompletableFuture<Void> meet(Vertx vertx, int known) {
    Supplier<Verticle> meeting =
        () ->
            new AbstractVerticle() {
              @Override
              public void start() {
                add(context);
              }
            };
    return vertx
        .deployVerticle(
            meeting,
            new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE))
        .toCompletionStage()
        .toCompletableFuture()
        .thenCompose(
            id ->
                all.size() == known
                    ? CompletableFuture.completedFuture(null)
                    : meet(vertx, all.size()));
  }

  /** Called on the loop's own thread. */
  void add(Context context) {
    byThread.computeIfAbsent(
        Thread.currentThread(),
        thread -> {
          Executor executor = step -> context.runOnContext(ignored -> step.run());
          all.add(executor);
          if (all.get(0) == executor) {
            firstForNextTurn = SocketTurns.of(context);
            firstForSockets = ContextLoops.of(context);
          }
          return executor;
        });
  }

  List<Executor> all() {
    return List.copyOf(all);
  }

  /** The first loop: the hub thread. */
  Executor first() {
    return all.get(0);
  }

  /** The first loop, for steps that everything else there should go before. */
  Executor firstForNextTurn() {
    return Objects.requireNonNull(firstForNextTurn, "no loop was added");
  }

  /** The first loop as Netty's own, on which other sockets can live; null if it is not told. */
  @Nullable Executor firstForSockets() {
    return firstForSockets;
  }

  /** The loop that the caller is on, or null. */
  @Nullable Executor current() {
    return byThread.get(Thread.currentThread());
  }
}
