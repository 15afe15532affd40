package dev.broadcast.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as history keeps it and {@code format=message} shows it. Immutable.
 *
 * @param id its id, which is a cursor, too
 * @param topic the topic
 * @param type its type, or null for an unnamed event
 * @param data what clients see
 * @param timestamp when it was stored, on the backplane's clock, UTC
 * @param targetIds what it is about
 * @param metadata a compact JSON object, or null
 */
public record PublishedMessage(
    String id,
    String topic,
    @Nullable String type,
    Data data,
    Instant timestamp,
    List<String> targetIds,
    @Nullable String metadata) {

  /** Always with milliseconds, as the node writes it. */
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", java.util.Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  public PublishedMessage {
    targetIds = List.copyOf(targetIds);
  }

  /** One compact JSON object; empty fields are left out, the timestamp is ISO 8601 in UTC. */
  public String toJson() {
    StringBuilder out = new StringBuilder(160).append("{\"id\":");
    JsonWriter.text(out, id);
    JsonWriter.text(out.append(",\"topic\":"), topic);
    if (type != null) {
      JsonWriter.text(out.append(",\"type\":"), type);
    }
    JsonWriter.value(out.append(",\"data\":"), data, 0);
    JsonWriter.text(out.append(",\"timestamp\":"), ISO.format(timestamp));
    Message.writeIds(out, "target_ids", targetIds);
    if (metadata != null) {
      out.append(",\"metadata\":").append(metadata);
    }
    return out.append('}').toString();
  }

  /**
   * Reads what {@link #toJson} wrote; members that are not known are passed over.
   *
   * @throws InvalidMessageException if it is something else
   */
  public static PublishedMessage parse(String json) {
    Map<String, String> members = Json.members(json);
    String data = required(members, "data");
    String type = members.get("type");
    return new PublishedMessage(
        Json.text(required(members, "id")),
        Json.text(required(members, "topic")),
        type == null ? null : Json.text(type),
        data.startsWith("\"") ? Data.text(Json.text(data)) : Data.json(data),
        instant(Json.text(required(members, "timestamp"))),
        texts("target_ids", members.getOrDefault("target_ids", "[]")),
        members.get("metadata"));
  }

  private static String required(Map<String, String> members, String name) {
    String value = members.get(name);
    if (value == null) {
      throw new InvalidMessageException(name, "required");
    }
    return value;
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new InvalidMessageException("timestamp", "ISO 8601 expected, not " + Names.quote(text));
    }
  }

  private static List<String> texts(String field, String json) {
    if (!(Json.parse(json) instanceof List<?> items)) {
      throw new InvalidMessageException(field, "a list of text expected");
    }
    List<String> texts = new ArrayList<>();
    for (Object item : items) {
      if (!(item instanceof String text)) {
        throw new InvalidMessageException(field, "a list of text expected");
      }
      texts.add(text);
    }
    return texts;
  }
}
