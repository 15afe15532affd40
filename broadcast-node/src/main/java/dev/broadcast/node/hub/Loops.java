package dev.broadcast.node.hub;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All event loops of a node, as the hub has them. Any thread. */
final class Loops {
  private final List<Loop> all;
  private final Map<Executor, Loop> byExecutor;
  private final Supplier<@Nullable Executor> current;

  Loops(HubThreads threads, ByteBufAllocator allocator, int shards, HubContext hub) {
    List<Loop> made = new ArrayList<>();
    Map<Executor, Loop> byTheirs = new HashMap<>();
    for (Executor executor : threads.loops()) {
      Loop loop = new Loop(executor, threads.nanoTime(), allocator, shards, hub);
      made.add(loop);
      byTheirs.put(executor, loop);
    }
    all = List.copyOf(made);
    byExecutor = Map.copyOf(byTheirs);
    current = threads.currentLoop();
  }

  List<Loop> all() {
    return all;
  }

  /** The one that the caller is on, or null. */
  @Nullable Loop here() {
    Executor executor = current.get();
    return executor == null ? null : byExecutor.get(executor);
  }
}
