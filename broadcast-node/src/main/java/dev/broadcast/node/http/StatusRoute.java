package dev.broadcast.node.http;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Hub.ClusterCount;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code GET /status} and the two kinds of health. */
final class StatusRoute {
  private final Hub hub;

  StatusRoute(Hub hub) {
    this.hub = hub;
  }

  /**
   * Figures of the cluster and of this node; of this node alone while the others cannot be asked.
   */
  void get(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    exchange.then(
        hub.clusterConnections()
            .exceptionally(gone -> new ClusterCount(hub.connections(), 1, List.of("unknown"))),
        count -> {
          Map<String, Object> status = new LinkedHashMap<>();
          status.put("connected_clients", count.connected());
          status.put("nodes", count.nodes());
          status.put("missing", count.missing());
          Map<String, Object> node = new LinkedHashMap<>();
          node.put("connected_clients", hub.connections());
          node.putAll(hub.nodeStatus());
          status.put("node", node);
          Backplane.Health health = hub.health();
          status.put("backplane", Map.of("ready", health.ready(), "detail", health.detail()));
          exchange.json(200, Json.bytes(json -> Json.value(json, status)));
        });
  }

  /** The process answers; nothing else is asked, so that no balancer kills a node for Redis. */
  void live(Exchange exchange) {
    exchange.json(200, "{\"status\":\"live\"}".getBytes(StandardCharsets.UTF_8));
  }

  /** Messages flow, and the node is not about to end. */
  void ready(Exchange exchange) {
    if (hub.draining()) {
      throw Refusal.of(503, null, "draining: this node is about to end");
    }
    Backplane.Health health = hub.health();
    if (!health.ready()) {
      throw Refusal.of(503, null, "the backplane is not ready: " + health.detail());
    }
    exchange.json(200, "{\"status\":\"ready\"}".getBytes(StandardCharsets.UTF_8));
  }
}
