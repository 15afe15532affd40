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
 * @param metadata a JSON object in compact form, or null
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
    exclude = ids("exclude", exclude);
    to = ids("to", to);
  }

  /** An unnamed message of text to a topic. */
  public static Message of(String topic, String text) {
    return new Message(topic, null, Data.text(text), List.of(), null, List.of(), List.of());
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
