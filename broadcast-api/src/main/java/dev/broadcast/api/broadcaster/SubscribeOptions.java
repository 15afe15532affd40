package dev.broadcast.api.broadcaster;

import dev.broadcast.api.Names;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription within one's own process listens to. Immutable.
 *
 * @param topics at least one
 * @param types only these types ({@code message} is the unnamed one); empty: all
 * @param targets only messages about one of these, or about nothing; empty: all
 * @param id the connection id, or null for a made one
 * @param kind the connection's kind
 * @param metadata of the connection
 * @param lastEventId a cursor to resume after, or null to start with what is published from now on
 * @param queueSize messages that wait before the consumer falls behind; 1 or more
 */
public record SubscribeOptions(
    List<String> topics,
    List<String> types,
    List<String> targets,
    @Nullable String id,
    String kind,
    Map<String, String> metadata,
    @Nullable String lastEventId,
    int queueSize) {

  /** The kind of a subscription that names none. */
  public static final String DEFAULT_KIND = "local";

  public SubscribeOptions {
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("topics: at least one expected");
    }
    topics.forEach(topic -> Names.topic("topics", topic));
    types.forEach(type -> Names.name("types", type));
    targets.forEach(target -> Names.name("targets", target));
    if (id != null) {
      Names.name("id", id);
    }
    Names.name("kind", kind);
    if (queueSize < 1) {
      throw new IllegalArgumentException("queueSize: at least 1 expected, not " + queueSize);
    }
    topics = List.copyOf(topics);
    types = List.copyOf(types);
    targets = List.copyOf(targets);
    metadata = Map.copyOf(metadata);
  }

  /** Everything on these topics; without any, on {@value Names#DEFAULT_TOPIC}. */
  public static SubscribeOptions to(String... topics) {
    return new SubscribeOptions(
        topics.length == 0 ? List.of(Names.DEFAULT_TOPIC) : List.of(topics),
        List.of(),
        List.of(),
        null,
        DEFAULT_KIND,
        Map.of(),
        null,
        256);
  }

  /** Only these types. */
  public SubscribeOptions types(String... wanted) {
    return new SubscribeOptions(
        topics, List.of(wanted), targets, id, kind, metadata, lastEventId, queueSize);
  }

  /** Only what is about one of these, or about nothing. */
  public SubscribeOptions targets(String... wanted) {
    return new SubscribeOptions(
        topics, types, List.of(wanted), id, kind, metadata, lastEventId, queueSize);
  }

  /** Under this id and kind. */
  public SubscribeOptions as(@Nullable String connectionId, String connectionKind) {
    return new SubscribeOptions(
        topics, types, targets, connectionId, connectionKind, metadata, lastEventId, queueSize);
  }

  /** With this metadata. */
  public SubscribeOptions metadata(Map<String, String> facts) {
    return new SubscribeOptions(topics, types, targets, id, kind, facts, lastEventId, queueSize);
  }

  /** After this cursor. */
  public SubscribeOptions after(String cursor) {
    return new SubscribeOptions(topics, types, targets, id, kind, metadata, cursor, queueSize);
  }

  /** With room for so many messages. */
  public SubscribeOptions queueSize(int messages) {
    return new SubscribeOptions(topics, types, targets, id, kind, metadata, lastEventId, messages);
  }
}
