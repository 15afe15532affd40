package dev.broadcast.node.hub;

import dev.broadcast.node.transport.StreamTransport;

/** Where a mistake can be planted; this one plants none. */
class SimPlants {
  ShardReader reader(int shard, long heldBytes, int missedLimit, ShardReader.Effects effects) {
    return new ShardReader(shard, heldBytes, missedLimit, effects);
  }

  Replay replay(Replay.Host host, Rings rings, HistoryReads reads, Replay.Limits limits) {
    return new Replay(host, rings, reads, limits);
  }

  Resolver resolver(Replay.Host host, Replay replay, HistoryReads reads, int historySize) {
    return new Resolver(host, replay, reads, historySize);
  }

  SendQueue queue(StreamTransport transport, HubSettings settings, long now) {
    return new SendQueue(transport, settings.queueMessages(), settings.queueBytes(), now);
  }

  Pending pending(long interval) {
    return new Pending(interval);
  }

  SimRedis.Plants redis() {
    return new SimRedis.Plants();
  }
}
