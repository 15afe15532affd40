package dev.broadcast.node.transport;

import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The Netty event loop that a Vert.x context runs on, which Vert.x' public API does not tell.
 *
 * <p>Why: other connections of this process, Redis' above all, can then live on the same thread.
 * With threads of their own, every message woke two more. Where the inside is another, the answer
 * is null, and who asks uses threads of its own; {@code ContextLoopsTest} says so when that
 * happens.
 */
public final class ContextLoops {
  private ContextLoops() {}

  /** The loop, a Netty {@code EventLoop}; null if it cannot be told. */
  public static @Nullable Executor of(Context context) {
    try {
      return context instanceof ContextInternal internal ? internal.nettyEventLoop() : null;
    } catch (LinkageError otherVertx) {
      return null;
    }
  }
}
