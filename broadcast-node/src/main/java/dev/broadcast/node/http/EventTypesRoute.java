package dev.broadcast.node.http;

import dev.broadcast.api.broadcaster.EventTypes;
import dev.broadcast.node.hub.Hub;
import java.util.Set;

/** {@code /event-types}: the vocabulary of the cluster. */
final class EventTypesRoute {
  private final Hub hub;

  EventTypesRoute(Hub hub) {
    this.hub = hub;
  }

  /** What the cluster knows; what this node knows while the cluster cannot be asked. */
  void get(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    exchange.then(
        hub.types().refresh().exceptionally(gone -> hub.types().now()),
        types -> exchange.json(200, body(types)));
  }

  /** Registers a type on all nodes; again is no mistake. */
  void put(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    exchange.then(
        hub.types().register(exchange.segment(0)), types -> exchange.json(200, body(types)));
  }

  private static byte[] body(EventTypes types) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeBooleanField("strict", types.strict());
          json.writeArrayFieldStart("types");
          for (String type : types.types()) {
            json.writeString(type);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
