package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/** How a node is, for {@code /status} and the metrics. Any thread. */
final class HubStatus {
  private static final Duration ASK = Duration.ofSeconds(1);

  private final Backplane backplane;
  private final Roster roster;
  private final HubMetrics metrics;
  private final List<Loop> loops;
  private final IntSupplier open;

  HubStatus(
      Backplane backplane, Roster roster, HubMetrics metrics, List<Loop> loops, IntSupplier open) {
    this.backplane = backplane;
    this.roster = roster;
    this.metrics = metrics;
    this.loops = loops;
    this.open = open;
  }

  Map<String, Object> ofNode(boolean draining) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("id", roster.nodeId());
    status.put("connected_clients", open.getAsInt());
    status.put("events_delivered", metrics.eventsDelivered());
    status.put("events_replayed", metrics.eventsReplayed());
    status.put("resets", metrics.resets());
    Map<String, Long> disconnects = new LinkedHashMap<>();
    for (CloseReason reason : CloseReason.values()) {
      disconnects.put(reason.wire(), metrics.disconnects(reason));
    }
    status.put("disconnects", disconnects);
    status.put("draining", draining);
    status.put("backplane", backplane.health().detail());
    return status;
  }

  CompletableFuture<Hub.ClusterCount> ofCluster() {
    return roster
        .ask(Question.COUNT, ASK)
        .thenApply(
            gathered ->
                new Hub.ClusterCount(
                    gathered.answers().values().stream().mapToInt(Integer::parseInt).sum(),
                    gathered.answers().size(),
                    gathered.missing()));
  }

  ClusterHub.Waiting waiting() {
    int behind = 0;
    long messages = 0;
    long bytes = 0;
    for (Loop loop : loops) {
      QueueSample sample = loop.sampled();
      behind += sample.behind();
      messages += sample.messages();
      bytes += sample.bytes();
    }
    return new ClusterHub.Waiting(behind, messages, bytes);
  }
}
