package dev.broadcast.node.http;

import dev.broadcast.api.Names;
import dev.broadcast.node.hub.ClusterConnections.TopicCount;
import dev.broadcast.node.hub.ClusterConnections.Topics;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.security.Caller;
import java.util.Set;

/** {@code GET /topics}: what is listened to, by how many, over all nodes. */
final class TopicsRoute {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  private final Hub hub;

  TopicsRoute(Hub hub) {
    this.hub = hub;
  }

  void get(Exchange exchange) {
    Query query = exchange.query();
    query.only(Set.of("limit", "cursor"), null);
    int limit = query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    String after = query.single("cursor");
    exchange.then(
        hub.registry().topics(limit, after == null ? "" : Names.topic("cursor", after)),
        topics -> exchange.json(200, body(topics, exchange.caller())));
  }

  /** A page may be shorter than asked for: topics that the caller may not read are left out. */
  private static byte[] body(Topics topics, Caller caller) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("topics");
          for (TopicCount count : topics.topics()) {
            if (caller.maySubscribe(count.topic())) {
              json.writeStartObject();
              json.writeStringField("topic", count.topic());
              json.writeNumberField("connections", count.connections());
              json.writeEndObject();
            }
          }
          json.writeEndArray();
          String next = topics.next();
          if (next != null) {
            json.writeStringField("next", next);
          }
          ConnectionsRoute.missing(json, topics.missing());
          json.writeEndObject();
        });
  }
}
