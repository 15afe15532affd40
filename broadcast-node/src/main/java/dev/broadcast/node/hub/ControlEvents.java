package dev.broadcast.node.hub;

import dev.broadcast.api.EventEncoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The events that only the node itself sends, as bytes. */
public final class ControlEvents {
  private ControlEvents() {}

  /** The first event of a stream. */
  static byte[] connected(
      @Nullable String cursor, String connectionId, StreamRequest request, HubContext hub) {
    Duration heartbeat = hub.settings().heartbeat();
    StringBuilder json = new StringBuilder(160).append("{\"connection_id\":");
    text(json, connectionId);
    text(json.append(",\"kind\":"), request.kind());
    text(json.append(",\"node\":"), hub.nodeId());
    texts(json.append(",\"topics\":"), request.topics());
    json.append(",\"heartbeat_interval\":");
    if (heartbeat.isZero()) {
      json.append("null");
    } else {
      json.append(heartbeat.toMillis() / 1000.0);
    }
    return EventEncoder.event(cursor, "connected", json.append('}').toString());
  }

  /** A heartbeat that a page can see. */
  static byte[] heartbeat(long millis) {
    String data = "{\"timestamp\":\"" + Timestamps.iso(millis) + "\"}";
    return EventEncoder.event(null, "heartbeat", data);
  }

  /** Tells for which topics the client's cursor cannot be honoured. */
  static byte[] reset(String cursor, Reset reset, @Nullable String lastEventId) {
    StringBuilder json = new StringBuilder(160).append("{\"reason\":");
    text(json, reset.reason().wire());
    json.append(",\"last_event_id\":");
    if (lastEventId == null) {
      json.append("null");
    } else {
      text(json, lastEventId);
    }
    texts(json.append(",\"topics\":"), reset.topics());
    return EventEncoder.event(cursor, "reset", json.append('}').toString());
  }

  /**
   * The last event of a stream, after a {@code retry:} that spreads those who come back.
   *
   * @param reason why, as clients call it
   * @param least the shortest wait; the longest is twice that
   */
  public static byte[] closing(String reason, Duration least) {
    long millis = least.toMillis();
    byte[] retry =
        EventEncoder.retry(
            Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis + 1)));
    StringBuilder json = new StringBuilder(32).append("{\"reason\":");
    text(json, reason);
    byte[] event = EventEncoder.event(null, "closing", json.append('}').toString());
    byte[] both = new byte[retry.length + event.length];
    System.arraycopy(retry, 0, both, 0, retry.length);
    System.arraycopy(event, 0, both, retry.length, event.length);
    return both;
  }

  // By hand: every new stream is greeted with such an event, and a JSON writer for it was a tenth
  // of what the first 50,000 streams cost.

  private static void texts(StringBuilder json, List<String> values) {
    char before = '[';
    for (String value : values) {
      text(json.append(before), value);
      before = ',';
    }
    json.append(values.isEmpty() ? "[]" : "]");
  }

  /** A string (RFC 8259, 7). */
  private static void text(StringBuilder json, String value) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    json.append('"');
  }
}
