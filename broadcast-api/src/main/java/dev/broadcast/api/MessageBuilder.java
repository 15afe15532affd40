package dev.broadcast.api;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a {@link Message} together, step by step. Not thread-safe. */
public final class MessageBuilder {
  private @Nullable String type;
  private Data data;
  private String topic = Names.DEFAULT_TOPIC;
  private List<String> targetIds = List.of();
  private @Nullable String metadata;
  private List<String> exclude = List.of();
  private List<String> to = List.of();

  MessageBuilder(@Nullable String type, Data data) {
    this.type = type;
    this.data = data;
  }

  /** Where it goes. */
  public MessageBuilder topic(String topic) {
    this.topic = topic;
    return this;
  }

  /** Its type; null for an unnamed event. */
  public MessageBuilder type(@Nullable String type) {
    this.type = type;
    return this;
  }

  /** What clients see, see {@link Data#of}. */
  public MessageBuilder data(@Nullable Object data) {
    this.data = Data.of(data);
    return this;
  }

  /** What it is about. */
  public MessageBuilder targetIds(String... ids) {
    return targetIds(Arrays.asList(ids));
  }

  /** What it is about. */
  public MessageBuilder targetIds(Collection<String> ids) {
    this.targetIds = List.copyOf(ids);
    return this;
  }

  /** Further facts; an empty map is none. */
  public MessageBuilder metadata(Map<String, ?> metadata) {
    this.metadata = metadata.isEmpty() ? null : Json.write(metadata);
    return this;
  }

  /**
   * Further facts as a compact JSON object, or null.
   *
   * @param metadata not checked here
   */
  public MessageBuilder metadataJson(@Nullable String metadata) {
    this.metadata = metadata;
    return this;
  }

  /** Connections that must not receive it. */
  public MessageBuilder exclude(Collection<String> connectionIds) {
    this.exclude = List.copyOf(connectionIds);
    return this;
  }

  /** The only connections that may receive it; empty: all. */
  public MessageBuilder to(Collection<String> connectionIds) {
    this.to = List.copyOf(connectionIds);
    return this;
  }

  /**
   * The message.
   *
   * @throws InvalidMessageException if a field breaks its rule
   */
  public Message build() {
    return new Message(topic, type, data, targetIds, metadata, exclude, to);
  }
}
