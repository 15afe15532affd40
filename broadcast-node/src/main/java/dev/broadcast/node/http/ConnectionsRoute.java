package dev.broadcast.node.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.broadcast.api.Message;
import dev.broadcast.api.Names;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.connection.ConnectionStatistics;
import dev.broadcast.node.hub.ClusterConnections;
import dev.broadcast.node.hub.ClusterConnections.One;
import dev.broadcast.node.hub.ClusterConnections.Rows;
import dev.broadcast.node.hub.Hub;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * {@code /connections}: who listens, over all nodes. A node that was silent is named in {@code
 * missing}, which is left out when there is none.
 */
final class ConnectionsRoute {
  private static final int DEFAULT_LIMIT = 100;
  private static final Set<String> FILTERS = Set.of("topic", "kind", "active");
  private static final Set<String> KNOWN = Set.of("topic", "kind", "active", "limit", "cursor");

  private final Hub hub;
  private final BodyReader bodies;

  ConnectionsRoute(Hub hub, BodyReader bodies) {
    this.hub = hub;
    this.bodies = bodies;
  }

  private ClusterConnections registry() {
    return hub.registry();
  }

  void list(Exchange exchange) {
    exchange.query().only(KNOWN, null);
    CompletableFuture<Rows> page;
    try {
      page = registry().rows(query(exchange.query()));
    } catch (IllegalArgumentException e) {
      if (e instanceof dev.broadcast.api.InvalidMessageException) {
        throw e;
      }
      throw Refusal.badRequest("cursor", "what the page before called next expected");
    }
    exchange.then(
        page,
        rows ->
            exchange.json(
                200,
                Json.bytes(
                    json -> {
                      json.writeStartObject();
                      json.writeArrayFieldStart("connections");
                      for (String row : rows.json()) {
                        json.writeRawValue(row);
                      }
                      json.writeEndArray();
                      String next = rows.next();
                      if (next != null) {
                        json.writeStringField("next", next);
                      }
                      missing(json, rows.missing());
                      json.writeEndObject();
                    })));
  }

  void statistics(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    exchange.then(
        registry().figures(),
        figures ->
            exchange.json(
                200,
                Json.bytes(
                    json -> {
                      ConnectionStatistics all = figures.statistics();
                      json.writeStartObject();
                      json.writeNumberField("total", all.total());
                      json.writeNumberField("active", all.active());
                      json.writeObjectFieldStart("by_type");
                      for (Map.Entry<String, Long> kind : new TreeMap<>(all.byType()).entrySet()) {
                        json.writeNumberField(kind.getKey(), kind.getValue());
                      }
                      json.writeEndObject();
                      json.writeNumberField("message_count", all.messageCount());
                      missing(json, figures.missing());
                      json.writeEndObject();
                    })));
  }

  void get(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    exchange.then(
        registry().row(id(exchange, 0)),
        one ->
            exchange.json(
                200, found(one).answer().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** Sends an event to one; it has no id and is in no history. */
  void send(Exchange exchange) {
    ContentType.of(exchange.head(), List.of("application/json"));
    exchange.query().only(Set.of(), null);
    String id = id(exchange, 1);
    bodies.read(
        exchange,
        bytes -> {
          Message message = message(bytes);
          exchange.then(
              hub.sendAlone(id, message),
              one -> {
                if (found(one).full()) {
                  throw Refusal.of(503, null, "this connection takes nothing at the moment");
                }
                exchange.json(
                    200,
                    Json.bytes(
                        json -> {
                          json.writeStartObject();
                          json.writeStringField("status", "sent");
                          json.writeNumberField("clients", 1);
                          json.writeStringField("connection_id", id);
                          json.writeEndObject();
                        }));
              });
        });
  }

  void close(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    exchange.then(
        registry().closeOne(id(exchange, 0)),
        one -> {
          found(one);
          exchange.empty(204);
        });
  }

  void closeAll(Exchange exchange) {
    exchange.query().only(FILTERS, null);
    exchange.then(
        registry().closeMatching(query(exchange.query())),
        closed ->
            exchange.json(
                200,
                Json.bytes(
                    json -> {
                      json.writeStartObject();
                      json.writeNumberField("closed", closed.closed());
                      missing(json, closed.missing());
                      json.writeEndObject();
                    })));
  }

  private static Message message(byte[] body) {
    MessageReader.Item read = PublishBody.one(body);
    if (read instanceof MessageReader.Item.Bad bad) {
      throw Refusal.of(bad.problem());
    }
    Message message = ((MessageReader.Item.Good) read).message();
    if (!message.to().isEmpty() || !message.exclude().isEmpty()) {
      throw Refusal.badRequest(
          message.to().isEmpty() ? "exclude" : "to", "leave it out: the path says who gets it");
    }
    if (!message.topic().equals(Names.DEFAULT_TOPIC)) {
      throw Refusal.badRequest("topic", "leave it out: this event is on no topic");
    }
    return message;
  }

  private static ConnectionQuery query(Query query) {
    return new ConnectionQuery(
        query.single("kind"),
        query.single("topic"),
        query.flag("active"),
        query.single("cursor"),
        query.number("limit", 1, ConnectionQuery.MAX_LIMIT, DEFAULT_LIMIT));
  }

  private static String id(Exchange exchange, int segment) {
    return Names.name("id", exchange.segment(segment));
  }

  /** A node that was silent may have it: nobody can say that there is none. */
  private static One found(One one) {
    if (one.found()) {
      return one;
    }
    throw one.missing().isEmpty()
        ? Refusal.of(404, "id", "no open connection has this id")
        : Refusal.of(503, null, "not found, but these nodes did not answer: " + one.missing());
  }

  static void missing(JsonGenerator json, List<String> missing) throws IOException {
    if (!missing.isEmpty()) {
      json.writeArrayFieldStart("missing");
      for (String node : missing) {
        json.writeString(node);
      }
      json.writeEndArray();
    }
  }
}
