package dev.broadcast.node.hub;

import dev.broadcast.api.EventEncoder;
import dev.broadcast.node.backplane.Entry;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message as a node has it: decoded once, encoded at most once for each format. Shared by the hub
 * thread and all event loops; two of them may encode the same bytes at the same time, never
 * different ones.
 */
final class Event {
  private final Entry entry;
  private final Payload payload;
  private volatile byte @Nullable [] data;
  private volatile byte @Nullable [] message;
  private volatile byte @Nullable [] html;

  private Event(Entry entry, Payload payload) {
    this.entry = entry;
    this.payload = payload;
  }

  /**
   * @throws IllegalArgumentException if the payload is not one of ours
   */
  static Event of(Entry entry) {
    return new Event(entry, Payload.decode(entry.payload()));
  }

  long sequence() {
    return entry.sequence();
  }

  int shard() {
    return entry.id().shard();
  }

  String topic() {
    return entry.topic();
  }

  Entry entry() {
    return entry;
  }

  Payload payload() {
    return payload;
  }

  String id() {
    return entry.id().toString();
  }

  String timestamp() {
    return Timestamps.iso(entry.timestamp());
  }

  String toJson() {
    return payload.toJson(id(), topic(), timestamp());
  }

  /** The event under its bare id, as every stream whose topics lie on one shard gets it. */
  byte[] encoded(Format format) {
    byte[] known = format == Format.DATA ? data : message;
    if (known == null) {
      known = encode(id(), format);
      if (format == Format.DATA) {
        data = known;
      } else {
        message = known;
      }
    }
    return known;
  }

  /** Its HTML, made if there is none yet. */
  byte[] html(Function<Event, byte[]> builder) {
    byte[] known = html;
    if (known == null) {
      known = builder.apply(this);
      html = known;
    }
    return known;
  }

  /** The event under another cursor. */
  byte[] encode(String cursor, Format format) {
    if (format == Format.MESSAGE) {
      byte[] json = toJson().getBytes(StandardCharsets.UTF_8);
      return EventEncoder.event(cursor, payload.type(), json, 0, json.length);
    }
    return EventEncoder.event(
        cursor, payload.type(), payload.bytes(), payload.dataOffset(), payload.dataLength());
  }

  /** An event that never was a message: without id and topic. */
  static byte[] alone(Payload payload, String timestamp, Format format) {
    if (format == Format.MESSAGE) {
      return EventEncoder.event(null, payload.type(), payload.toJson(null, null, timestamp));
    }
    return EventEncoder.event(
        null, payload.type(), payload.bytes(), payload.dataOffset(), payload.dataLength());
  }

  /** What it costs to keep, roughly: payload, encoded form, objects. */
  int weight() {
    return 2 * entry.payload().length + 300;
  }
}
