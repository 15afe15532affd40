package dev.broadcast.api.connection;

import dev.broadcast.api.Json;
import dev.broadcast.api.Names;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Somebody joined or left a topic: the data of a {@code presence} event. Immutable.
 *
 * @param action what happened
 * @param topic where
 * @param connectionId who
 * @param kind of the connection
 * @param metadata of the connection
 */
public record Presence(
    Action action, String topic, String connectionId, String kind, Map<String, String> metadata) {

  /** What happened; on the wire in lower case. */
  public enum Action {
    JOIN("join"),
    LEAVE("leave");

    private final String wire;

    Action(String wire) {
      this.wire = wire;
    }

    /** Its name in JSON. */
    public String wire() {
      return wire;
    }
  }

  public Presence {
    Names.topic("topic", topic);
    Names.name("connection_id", connectionId);
    metadata = Map.copyOf(metadata);
  }

  /** {@code {"action","topic","connection_id","kind","metadata"?}}. */
  public String toJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("action", action.wire());
    fields.put("topic", topic);
    fields.put("connection_id", connectionId);
    fields.put("kind", kind);
    if (!metadata.isEmpty()) {
      fields.put("metadata", metadata);
    }
    return Json.write(fields);
  }
}
