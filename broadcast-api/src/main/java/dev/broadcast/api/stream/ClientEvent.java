package dev.broadcast.api.stream;

import dev.broadcast.api.Data;
import dev.broadcast.api.EventEncoder;
import dev.broadcast.api.Names;
import org.jspecify.annotations.Nullable;

/**
 * An event for one client that never was a message: no topic, no id, no history. Immutable.
 *
 * @param type its type, or null for an unnamed event
 * @param data what the client sees
 * @throws dev.broadcast.api.InvalidMessageException if the type is none that may be published
 */
public record ClientEvent(@Nullable String type, Data data) {
  public ClientEvent {
    if (type != null) {
      Names.type("type", type);
    }
  }

  /** An event with the data of a Java value, see {@link Data#of}. */
  public static ClientEvent of(@Nullable String type, @Nullable Object data) {
    return new ClientEvent(type, Data.of(data));
  }

  /** Its bytes on the stream. */
  public byte[] encode() {
    return EventEncoder.event(null, type, data.content());
  }
}
