package dev.broadcast.node.transport;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.IoEventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fails where another Vert.x no longer tells a context's loop as this one does. */
class ContextLoopsTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void aContextAndItsLoopAreOneThread() throws Exception {
    Context context = vertx.getOrCreateContext();
    var onContext = new CompletableFuture<Thread>();
    var onLoop = new CompletableFuture<Thread>();

    context.runOnContext(ignored -> onContext.complete(Thread.currentThread()));
    var loop = ContextLoops.of(context);
    assertTrue(loop instanceof IoEventLoop, String.valueOf(loop));
    loop.execute(() -> onLoop.complete(Thread.currentThread()));

    assertSame(onContext.get(10, TimeUnit.SECONDS), onLoop.get(10, TimeUnit.SECONDS));
  }
}
