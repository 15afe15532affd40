package dev.broadcast.node.http;

import dev.broadcast.node.hub.Hub;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code GET /cluster}: what every node says of itself; the live page asks once a second. */
final class ClusterRoute {
  private final Hub hub;

  ClusterRoute(Hub hub) {
    this.hub = hub;
  }

  void get(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    exchange.then(
        hub.figures(),
        all ->
            exchange.json(
                200,
                Json.bytes(
                    json -> {
                      json.writeStartObject();
                      json.writeStringField("asked", all.asked());
                      json.writeArrayFieldStart("nodes");
                      for (Map.Entry<String, String> node : new TreeMap<>(all.nodes()).entrySet()) {
                        json.writeRawValue(node.getValue());
                      }
                      json.writeEndArray();
                      ConnectionsRoute.missing(json, all.missing());
                      if (all.cutOff()) {
                        json.writeBooleanField("cut_off", true);
                      }
                      json.writeEndObject();
                    })));
  }
}
