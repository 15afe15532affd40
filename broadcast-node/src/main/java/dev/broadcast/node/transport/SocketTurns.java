package dev.broadcast.node.transport;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Runs steps on an event loop once it has looked after its sockets.
 *
 * <p>Why: a task that gives itself to its loop again, to let others go first, is taken up before
 * the loop reads from any socket, for up to a second (Netty's quantum for tasks). What is
 * scheduled, even for now, waits until the loop has been round. Vert.x' own timers do the same, a
 * millisecond later at the least; they are what is left where Vert.x' inside is another.
 */
public final class SocketTurns {
  private SocketTurns() {}

  /** Runs a step on the loop when it has looked after its sockets once more. */
  static void next(EventLoop loop, Runnable step) {
    var unused = loop.schedule(step, 0, TimeUnit.NANOSECONDS);
  }

  /** The event loop of a context, for steps that others should go before. */
  public static Executor of(Context context) {
    try {
      var loop = ((ContextInternal) context).nettyEventLoop();
      return step -> next(loop, step);
    } catch (LinkageError | ClassCastException otherVertx) {
      return step -> context.owner().setTimer(1, id -> step.run());
    }
  }
}
