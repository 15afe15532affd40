package dev.broadcast.api.connection;

import dev.broadcast.api.Json;
import dev.broadcast.api.Names;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One client's open stream, as it was when it was asked for. Immutable.
 *
 * @param id given, or made as {@code KIND_} and a suffix; unique over the cluster
 * @param kind {@code global}, {@code job}, {@code user}, …
 * @param node the node it is on
 * @param state where it stands
 * @param topics what it listens to
 * @param metadata what it said of itself, {@code meta.KEY=VALUE}
 * @param createdAt when it was admitted
 * @param lastActivity when something was last written to it
 * @param messageCount events written to it
 * @throws dev.broadcast.api.InvalidMessageException if id or kind is no name
 */
public record Connection(
    String id,
    String kind,
    String node,
    ConnectionState state,
    List<String> topics,
    Map<String, String> metadata,
    Instant createdAt,
    Instant lastActivity,
    long messageCount) {

  public Connection {
    Names.name("id", id);
    Names.name("kind", kind);
    topics = List.copyOf(topics);
    metadata = Map.copyOf(metadata);
  }

  /** Whether messages still reach it. */
  public boolean active() {
    return state.active();
  }

  /** One object of {@code GET /connections}. */
  public String toJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", id);
    fields.put("kind", kind);
    fields.put("node", node);
    fields.put("state", state.wire());
    fields.put("topics", topics);
    fields.put("metadata", metadata);
    fields.put("created_at", createdAt.truncatedTo(ChronoUnit.MILLIS).toString());
    fields.put("last_activity", lastActivity.truncatedTo(ChronoUnit.MILLIS).toString());
    fields.put("message_count", messageCount);
    return Json.write(fields);
  }
}
