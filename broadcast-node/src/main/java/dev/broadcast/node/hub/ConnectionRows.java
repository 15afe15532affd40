package dev.broadcast.node.hub;

import dev.broadcast.api.Json;
import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Connections as nodes tell each other of them: one JSON object a line. Any thread. */
final class ConnectionRows {
  private ConnectionRows() {}

  /** A connection as it is now; on its loop. */
  static Connection of(dev.broadcast.node.hub.Connection open, String node) {
    StreamRequest request = open.request();
    return new Connection(
        open.id(),
        request.kind(),
        node,
        open.state(),
        request.topics(),
        request.metadata(),
        Instant.ofEpochMilli(open.createdAt()),
        Instant.ofEpochMilli(
            Math.max(open.createdAt(), System.currentTimeMillis() - open.silentMillis())),
        open.eventsWritten());
  }

  /** The same as a row, with what only the node knows. */
  static String row(dev.broadcast.node.hub.Connection open, String node) {
    String row = of(open, node).toJson();
    long lag = open.lag();
    return lag < 0 ? row : row.substring(0, row.length() - 1) + ",\"lag\":" + lag + '}';
  }

  /**
   * Reads a row.
   *
   * @throws IllegalArgumentException if no node wrote it
   */
  static Connection parse(String row) {
    if (!(Json.parse(row) instanceof Map<?, ?> fields)) {
      throw new IllegalArgumentException("connection: an object expected");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    if (fields.get("metadata") instanceof Map<?, ?> facts) {
      facts.forEach((key, value) -> metadata.put(String.valueOf(key), String.valueOf(value)));
    }
    List<String> topics =
        fields.get("topics") instanceof List<?> names
            ? names.stream().map(String::valueOf).toList()
            : List.of();
    return new Connection(
        text(fields, "id"),
        text(fields, "kind"),
        text(fields, "node"),
        ConnectionState.parse(text(fields, "state")),
        topics,
        metadata,
        Instant.parse(text(fields, "created_at")),
        Instant.parse(text(fields, "last_activity")),
        Long.parseLong(text(fields, "message_count")));
  }

  private static String text(Map<?, ?> fields, String name) {
    return String.valueOf(fields.get(name));
  }
}
