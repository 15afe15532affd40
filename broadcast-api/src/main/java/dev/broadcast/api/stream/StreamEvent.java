package dev.broadcast.api.stream;

import dev.broadcast.api.PublishedMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody who listens is told, in the order in which it happened. */
public sealed interface StreamEvent {
  /**
   * The stream is open, for the first time or again.
   *
   * @param connectionId given or made
   * @param node the node that serves it
   * @param cursor the place that it starts after, or null if it cannot say yet
   */
  record Opened(String connectionId, String node, @Nullable String cursor) implements StreamEvent {}

  /**
   * A message.
   *
   * @param message what was published
   * @param cursor what to resume with after it
   */
  record Delivered(PublishedMessage message, String cursor) implements StreamEvent {}

  /**
   * Messages of these topics are missing here: read anew what they are about. What history still
   * holds of them follows.
   *
   * @param reason {@code trimmed}, {@code cleared}, {@code epoch}, {@code generation}, {@code
   *     invalid}
   * @param topics which ones
   * @param cursor what to resume with after it, or null
   */
  record Reset(String reason, List<String> topics, @Nullable String cursor) implements StreamEvent {
    public Reset {
      topics = List.copyOf(topics);
    }
  }

  /**
   * Another event of the node itself, such as {@code presence}.
   *
   * @param type its type
   * @param data its data, JSON
   */
  record Notice(String type, String data) implements StreamEvent {}

  /**
   * The connection is gone; it is opened again by itself, after the last cursor.
   *
   * @param reason what the node said ({@code draining}, …) or what broke
   */
  record Interrupted(String reason) implements StreamEvent {}
}
