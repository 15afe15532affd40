package dev.broadcast.api;

import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is published: a topic, a type, data, and whom it concerns. Immutable; every field is checked
 * here and nowhere else.
 *
 * @param topic the topic, see {@link Names#topic}
 * @param type the event's name, or null for an unnamed event ({@code message} to a browser)
 * @param data what clients see
 * @param targetIds what the message is about; clients that filter by {@code target=} receive it if
 *     one matches or if there are none. At most {@value #MAX_IDS}.
 * @param metadata a JSON object in compact form, or null; one that is empty is none
 * @param exclude ids of connections that must not receive it. At most {@value #MAX_IDS}.
 * @param to ids of the only connections that may receive it; empty: all. At most {@value #MAX_IDS}.
 * @throws InvalidMessageException if a field breaks its rule
 */
public record Message(
    String topic,
    @Nullable String type,
    Data data,
    List<String> targetIds,
    @Nullable String metadata,
    List<String> exclude,
    List<String> to) {

  /** The most ids in each of the three lists. */
  public static final int MAX_IDS = 1000;

  public Message {
    Names.topic("topic", topic);
    if (type != null) {
      Names.type("type", type);
    }
    targetIds = ids("target_ids", targetIds);
    metadata = "{}".equals(metadata) ? null : metadata;
    exclude = ids("exclude", exclude);
    to = ids("to", to);
  }

  /** An unnamed message of text to a topic. */
  public static Message of(String topic, String text) {
    return new Message(topic, null, Data.text(text), List.of(), null, List.of(), List.of());
  }

  /** A message of this type and data to the topic {@value Names#DEFAULT_TOPIC}, to be refined. */
  public static MessageBuilder builder(@Nullable String type, @Nullable Object data) {
    return new MessageBuilder(type, Data.of(data));
  }

  /** A builder that starts with this message. */
  public MessageBuilder change() {
    return new MessageBuilder(type, data)
        .topic(topic)
        .targetIds(targetIds)
        .metadataJson(metadata)
        .exclude(exclude)
        .to(to);
  }

  /**
   * The same message with its JSON checked and compact: a broadcaster asks for it before it stores
   * what a program says is JSON, since clients would get it as it is.
   *
   * @throws InvalidMessageException if data is no JSON or metadata no JSON object
   */
  public Message checked() {
    if (data instanceof Data.Text && metadata == null) {
      return this;
    }
    Data checked =
        data instanceof Data.Json json ? Data.json(compact("data", json.content())) : data;
    String facts = metadata == null ? null : compact("metadata", metadata);
    if (facts != null && !facts.startsWith("{")) {
      throw new InvalidMessageException("metadata", "a JSON object expected");
    }
    return new Message(topic, type, checked, targetIds, facts, exclude, to);
  }

  private static String compact(String field, String json) {
    try {
      return Json.compact(json);
    } catch (InvalidMessageException e) {
      throw new InvalidMessageException(field, "JSON expected; " + e.getMessage());
    }
  }

  /**
   * This message as one compact JSON object, as {@code POST /events} takes it; empty fields are
   * left out. What was published, with id and timestamp, is a {@link PublishedMessage}.
   */
  public String toJson() {
    StringBuilder out = new StringBuilder(128).append("{\"topic\":");
    JsonWriter.text(out, topic);
    if (type != null) {
      JsonWriter.text(out.append(",\"type\":"), type);
    }
    JsonWriter.value(out.append(",\"data\":"), data, 0);
    writeIds(out, "target_ids", targetIds);
    if (metadata != null) {
      out.append(",\"metadata\":").append(metadata);
    }
    writeIds(out, "exclude", exclude);
    writeIds(out, "to", to);
    return out.append('}').toString();
  }

  static void writeIds(StringBuilder out, String field, List<String> ids) {
    if (!ids.isEmpty()) {
      JsonWriter.value(out.append(",\"").append(field).append("\":"), ids, 0);
    }
  }

  private static List<String> ids(String field, List<String> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    if (ids.size() > MAX_IDS) {
      throw new InvalidMessageException(field, "at most " + MAX_IDS + " ids, not " + ids.size());
    }
    for (int i = 0; i < ids.size(); i++) {
      Names.name(field + "[" + i + "]", ids.get(i));
    }
    return List.copyOf(new LinkedHashSet<>(ids));
  }
}
