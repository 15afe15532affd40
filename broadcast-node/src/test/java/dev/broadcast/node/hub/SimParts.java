package dev.broadcast.node.hub;

import dev.broadcast.api.broadcaster.HandlerChain;
import dev.broadcast.node.transport.StreamTransport;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The hub's parts with bounds so small that every edge is met often, and with planted mistakes. */
final class SimParts extends HubParts {
  private final SimPlants plants;
  private final Supplier<String> suffixes;
  private final int missedLimit;
  private final Replay.Limits limits;

  SimParts(SimPlants plants, Supplier<String> suffixes, SplittableRandom random) {
    this.plants = plants;
    this.suffixes = suffixes;
    missedLimit = 1 + random.nextInt(5);
    limits =
        new Replay.Limits(
            1 + random.nextInt(4), random.nextInt(2) == 0 ? 20 : 10_000, 1 + random.nextInt(4));
  }

  @Override
  ShardReader reader(int shard, long heldBytes, ShardReader.Effects effects) {
    return plants.reader(shard, heldBytes, missedLimit, effects);
  }

  @Override
  Replay replay(Replay.Host host, Rings rings, HistoryReads reads) {
    return plants.replay(host, rings, reads, limits);
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
