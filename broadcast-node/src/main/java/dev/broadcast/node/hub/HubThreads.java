package dev.broadcast.node.hub;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where and when a hub runs.
 *
 * @param hub the hub thread: runs one task at a time, in the order given
 * @param nextTurn the same, once it has looked after its sockets
 * @param loops the event loops that may own connections
 * @param currentLoop which of them the caller is on, or null
 * @param nanoTime as {@link System#nanoTime}
 */
public record HubThreads(
    Executor hub,
    Executor nextTurn,
    List<Executor> loops,
    Supplier<@Nullable Executor> currentLoop,
    LongSupplier nanoTime) {
  /** Of those loops. */
  public HubThreads {
    loops = List.copyOf(loops);
  }

  /** The same future, completing on the loop that the caller is on, if it is on one. */
  <T> CompletableFuture<T> onCallersLoop(CompletableFuture<T> future) {
    Executor here = currentLoop.get();
    if (here == null) {
      return future;
    }
    // Also if it is done: who took an id over must not open before its loop, which was told to end
    // the old stream, has done so; it would end the new one.
    return future.whenCompleteAsync((value, failure) -> {}, here);
  }
}
