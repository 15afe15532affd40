package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings work onto the node's one hub thread, which runs one task at a time in the order given. */
final class HubThread {
  private static final Logger LOG = LoggerFactory.getLogger(HubThread.class);
  private final Executor executor;
  private final Executor nextTurn;

  HubThread(Executor executor) {
    this(executor, executor);
  }

  /**
   * The same thread twice.
   *
   * @param nextTurn runs a step once the thread has looked after its sockets
   */
  HubThread(Executor executor, Executor nextTurn) {
    this.executor = executor;
    this.nextTurn = nextTurn;
  }

  /**
   * Runs the step; a failure is logged, for nobody waits. Says whether the thread still takes work.
   */
  boolean run(Runnable step) {
    return run(executor, step);
  }

  /** The same, once the thread has looked after its sockets. */
  boolean runNextTurn(Runnable step) {
    return run(nextTurn, step);
  }

  private static boolean run(Executor executor, Runnable step) {
    try {
      executor.execute(() -> guarded(step));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /**
   * A future that the step is to complete, on the hub thread; it fails with the step, or if that
   * thread takes no more work.
   */
  <T extends @Nullable Object> CompletableFuture<T> promise(Consumer<CompletableFuture<T>> step) {
    var result = new CompletableFuture<T>();
    boolean taken =
        run(
            () -> {
              try {
                step.accept(result);
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    if (!taken) {
      result.completeExceptionally(new BackplaneException("the node is closed"));
    }
    return result;
  }

  /** Runs the step and completes, on the hub thread, with what it returns. */
  <T extends @Nullable Object> CompletableFuture<T> call(Supplier<T> step) {
    return promise(result -> result.complete(step.get()));
  }

  /** Runs the step and completes, on the hub thread, as what it returns does. */
  <T> CompletableFuture<T> compose(Supplier<? extends CompletionStage<T>> step) {
    return promise(
        result -> step.get().whenComplete((value, failure) -> complete(result, value, failure)));
  }

  private static <T> void complete(
      CompletableFuture<T> result, T value, @Nullable Throwable failure) {
    Throwable cause = RedisReply.unwrapped(failure);
    if (cause == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(cause);
    }
  }

  /**
   * Runs the step after the delay; not by way of the common pool, whose threads (on two processors
   * JDK 25 gives it one) a program or a plug-in may block.
   */
  void later(Duration delay, Runnable step) {
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, this::run)
        .execute(step);
  }

  /**
   * Runs the step here, which must be the hub thread; what others wait for must not end with it.
   */
  static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("a step of the backplane failed", e);
    }
  }
}
