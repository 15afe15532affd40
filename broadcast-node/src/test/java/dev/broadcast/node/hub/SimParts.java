package dev.broadcast.node.hub;

import dev.broadcast.api.broadcaster.HandlerChain;
import dev.broadcast.node.transport.StreamTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The hub's parts with bounds so small that every edge is met often, and with planted mistakes. */
final class SimParts extends HubParts {
  private final SimPlants plants;
  private final Supplier<String> suffixes;
  private final int missedLimit;
  private final Replay.Limits limits;
  private final List<ShardReader> readers;
  private final List<Rings> rings;
  private final @Nullable Executor timer;

  SimParts(SimPlants plants, Supplier<String> suffixes, SplittableRandom random) {
    this.plants = plants;
    this.suffixes = suffixes;
    readers = List.of();
    rings = List.of();
    timer = null;
    missedLimit = 1 + random.nextInt(5);
    limits =
        new Replay.Limits(
            1 + random.nextInt(4), random.nextInt(2) == 0 ? 20 : 10_000, 1 + random.nextInt(4));
  }

  /** The same for one node, whose parts can be looked at. */
  SimParts(SimParts of, Executor timer) {
    plants = of.plants;
    suffixes = of.suffixes;
    missedLimit = of.missedLimit;
    limits = of.limits;
    readers = new ArrayList<>();
    rings = new ArrayList<>();
    this.timer = timer;
  }

  /** How the node reads its shards. */
  List<ShardReader> readers() {
    return readers;
  }

  /** What it remembers, in bytes. */
  long ringBytes() {
    long bytes = 0;
    for (Rings one : rings) {
      bytes += one.bytes();
    }
    return bytes;
  }

  @Override
  ShardReader reader(int shard, long heldBytes, ShardReader.Effects effects) {
    ShardReader reader = plants.reader(shard, heldBytes, missedLimit, effects);
    readers.add(reader);
    return reader;
  }

  @Override
  void later(Duration after, Executor thread, Runnable step) {
    Objects.requireNonNull(timer).execute(step);
  }

  @Override
  Replay replay(Replay.Host host, Rings of, HistoryReads reads) {
    rings.add(of);
    return plants.replay(host, of, reads, limits);
  }

  @Override
  Resolver resolver(Replay.Host host, Replay replay, HistoryReads reads, int historySize) {
    return plants.resolver(host, replay, reads, historySize);
  }

  @Override
  SendQueue queue(StreamTransport transport, HubSettings settings, long now) {
    return plants.queue(transport, settings, now);
  }

  @Override
  Pending pending(Duration interval) {
    return plants.pending(interval.toNanos());
  }

  /** The hub's own ticks bring it. */
  @Override
  void tickLater(Duration after, Executor loop, Runnable step) {}

  @Override
  String connectionSuffix() {
    return suffixes.get();
  }

  /** Lets every message through as it is. */
  static Intake intake() {
    return new Intake(
        new HandlerChain(Duration.ofSeconds(1), (handler, failure) -> {}),
        new KnownTypes(
            false, Set.of(), known -> CompletableFuture.completedFuture(Set.copyOf(known))));
  }
}
