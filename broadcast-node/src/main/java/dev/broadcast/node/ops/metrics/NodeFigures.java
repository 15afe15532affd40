package dev.broadcast.node.ops.metrics;

import dev.broadcast.api.Json;
import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.hub.CloseReason;
import dev.broadcast.node.hub.ClusterHub;
import dev.broadcast.node.hub.HubMetrics;
import dev.broadcast.node.hub.LatencyFigures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a node says of itself in {@code GET /cluster}: the counters that {@code /metrics} shows,
 * too, without its libraries. Counters count from the start, and {@code uptime_millis} says when
 * they were read, so that whoever asks twice can make rates of them. Any thread.
 */
public final class NodeFigures {
  private final ClusterHub hub;
  private final Backplane backplane;
  private final LoopLag lag;
  private final LongSupplier nanoTime;
  private final long started;
  private final String version;

  /**
   * @param hub whose counters are shown
   * @param backplane the same of
   * @param lag of the event loops
   */
  public NodeFigures(ClusterHub hub, Backplane backplane, LoopLag lag, LongSupplier nanoTime) {
    this.hub = hub;
    this.backplane = backplane;
    this.lag = lag;
    this.nanoTime = nanoTime;
    started = nanoTime.getAsLong();
    String built = NodeFigures.class.getPackage().getImplementationVersion();
    version = built == null ? "from sources" : built;
  }

  /** One JSON object. */
  public String json() {
    HubMetrics counted = hub.metrics();
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("id", hub.nodeId());
    node.put("version", version);
    node.put("uptime_millis", (nanoTime.getAsLong() - started) / 1_000_000);
    node.put("draining", hub.draining());
    node.put("connections", hub.connections());
    ClusterHub.Waiting waiting = hub.waiting();
    node.put("behind", waiting.behind());
    Map<String, Object> queue = new LinkedHashMap<>();
    queue.put("messages", waiting.messages());
    queue.put("bytes", waiting.bytes());
    queue.put("high_water", counted.queueHighWater());
    node.put("queue", queue);
    node.put("opened", counted.connectionsOpened());
    node.put("published", counted.messagesPublished());
    node.put("not_stored", counted.publishesNotStored() + counted.publishesUnknown());
    node.put("delivered", counted.eventsDelivered());
    node.put("delivered_bytes", counted.bytesDelivered());
    node.put("replayed", counted.eventsReplayed());
    node.put("dropped", counted.eventsDropped());
    node.put("fell_behind", counted.connectionsFellBehind());
    node.put("resets", counted.resets());
    Map<String, Long> disconnects = new LinkedHashMap<>();
    for (CloseReason reason : CloseReason.values()) {
      disconnects.put(reason.wire(), counted.disconnects(reason));
    }
    node.put("disconnects", disconnects);
    LatencyFigures latency = counted.publishLatency();
    node.put(
        "latency", Map.of("bounds_millis", latency.boundsMillis(), "counts", latency.counts()));
    node.put("backplane", backplane());
    node.put("loop_lag_millis", lags());
    return Json.write(node);
  }

  private Map<String, Object> backplane() {
    Map<String, Object> figures = new LinkedHashMap<>();
    Backplane.Health health = backplane.health();
    figures.put("ready", health.ready());
    figures.put("detail", health.detail());
    long roundTrip = backplane.figures().roundTripNanos();
    if (roundTrip >= 0) {
      figures.put("round_trip_millis", millis(roundTrip / 1e6));
    }
    return figures;
  }

  private List<Double> lags() {
    List<Double> lags = new ArrayList<>();
    for (int loop = 0; loop < lag.loops(); loop++) {
      lags.add(millis(lag.seconds(loop) * 1000));
    }
    return lags;
  }

  /** Hundredths are enough. */
  private static double millis(double exact) {
    return Math.round(exact * 100) / 100.0;
  }
}
