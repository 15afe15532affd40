package dev.broadcast.node.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.broadcast.api.EventEncoder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The events that only the node itself sends, as bytes. */
public final class ControlEvents {
  private static final JsonFactory JSON = new JsonFactory();

  private ControlEvents() {}

  private interface Fields {
    void write(JsonGenerator g) throws IOException;
  }

  /** The first event of a stream. */
  static byte[] connected(
      @Nullable String cursor, String connectionId, StreamRequest request, HubContext hub) {
    return event(
        cursor,
        "connected",
        g -> {
          g.writeStringField("connection_id", connectionId);
          g.writeStringField("kind", request.kind());
          g.writeStringField("node", hub.nodeId());
          texts(g, "topics", request.topics());
          Duration heartbeat = hub.settings().heartbeat();
          g.writeFieldName("heartbeat_interval");
          if (heartbeat.isZero()) {
            g.writeNull();
          } else {
            g.writeNumber(heartbeat.toMillis() / 1000.0);
          }
        });
  }

  /** Tells for which topics the client's cursor cannot be honoured. */
  static byte[] reset(String cursor, Reset reset, @Nullable String lastEventId) {
    return event(
        cursor,
        "reset",
        g -> {
          g.writeStringField("reason", reset.reason().wire());
          g.writeStringField("last_event_id", lastEventId);
          texts(g, "topics", reset.topics());
        });
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
    byte[] event = event(null, "closing", g -> g.writeStringField("reason", reason));
    byte[] both = new byte[retry.length + event.length];
    System.arraycopy(retry, 0, both, 0, retry.length);
    System.arraycopy(event, 0, both, retry.length, event.length);
    return both;
  }

  private static void texts(JsonGenerator g, String field, List<String> values) throws IOException {
    g.writeArrayFieldStart(field);
    for (String value : values) {
      g.writeString(value);
    }
    g.writeEndArray();
  }

  private static byte[] event(@Nullable String cursor, String type, Fields fields) {
    StringWriter json = new StringWriter();
    try (JsonGenerator g = JSON.createGenerator(json)) {
      g.writeStartObject();
      fields.write(g);
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return EventEncoder.event(cursor, type, json.toString());
  }
}
