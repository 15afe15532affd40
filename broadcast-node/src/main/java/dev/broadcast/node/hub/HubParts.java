package dev.broadcast.node.hub;

import dev.broadcast.node.transport.StreamTransport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Makes the parts of the hub that decide what a client gets. A simulation makes them with small
 * bounds, so that every edge is met often, or with a mistake, to see whether it finds it. Any
 * thread.
 */
class HubParts {
  private final ConnectionIds connectionIds = new ConnectionIds();

  /** How a node reads one shard. */
  ShardReader reader(int shard, long heldBytes, ShardReader.Effects effects) {
    return new ShardReader(shard, heldBytes, ShardReader.READ_LIMIT, effects);
  }

  /** What serves pages of history. */
  Replay replay(Replay.Host host, Rings rings, HistoryReads reads) {
    return new Replay(host, rings, reads, Replay.Limits.DEFAULT);
  }

  /** What finds the place at which a stream starts. */
  Resolver resolver(Replay.Host host, Replay replay, HistoryReads reads, int historySize) {
    return new Resolver(host, replay, reads, historySize);
  }

  /** What waits for one connection's socket. */
  SendQueue queue(StreamTransport transport, HubSettings settings, long now) {
    return new SendQueue(transport, settings.queueMessages(), settings.queueBytes(), now);
  }

  /**
   * Gives a step to its thread after some time; not by way of the common pool, which a program may
   * block.
   */
  void later(Duration after, Executor thread, Runnable step) {
    CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS, thread)
        .execute(step);
  }

  /** What waits for a throttled connection's next tick. */
  Pending pending(Duration interval) {
    return new Pending(interval.toNanos());
  }

  /** Lets a throttled connection look whether its tick is due. */
  void tickLater(Duration after, Executor loop, Runnable step) {
    later(after, loop, step);
  }

  /** What is unique about a connection id that the client did not give. */
  String connectionSuffix() {
    return connectionIds.newSuffix();
  }
}
