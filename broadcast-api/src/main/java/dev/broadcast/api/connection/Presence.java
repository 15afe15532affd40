package dev.broadcast.api.connection;

import dev.broadcast.api.Json;
import dev.broadcast.api.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /**
   * Reads what {@link #toJson} writes.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Presence parse(String json) {
    if (!(Json.parse(json) instanceof Map<?, ?> fields)) {
      throw new IllegalArgumentException("presence: an object expected");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    if (fields.get("metadata") instanceof Map<?, ?> facts) {
      facts.forEach((key, value) -> metadata.put(String.valueOf(key), String.valueOf(value)));
    }
    return new Presence(
        action(fields.get("action")),
        String.valueOf(fields.get("topic")),
        String.valueOf(fields.get("connection_id")),
        String.valueOf(fields.get("kind")),
        metadata);
  }

  private static Action action(@Nullable Object wire) {
    for (Action action : Action.values()) {
      if (action.wire.equals(wire)) {
        return action;
      }
    }
    throw new IllegalArgumentException("action: join or leave expected, not " + wire);
  }
}
