package dev.broadcast.node.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong (RFC 9457). The type is {@code about:blank}: the status says the kind, {@code
 * field} the place, {@code detail} what would be right.
 *
 * @param status the HTTP status
 * @param detail for people: what is wrong and what would be right
 * @param field the offending field, parameter or header, or null if there is none
 * @param more further members, for example {@code stored}
 */
record Problem(int status, String detail, @Nullable String field, Map<String, String> more) {
  Problem {
    more = Map.copyOf(more);
  }

  static Problem of(int status, @Nullable String field, String detail) {
    return new Problem(status, detail, field, Map.of());
  }

  /** A publish that failed for a passing reason. */
  static Problem notPublished(String stored, String detail) {
    return new Problem(503, detail, null, Map.of("stored", stored));
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "about:blank");
    json.writeStringField("title", HttpResponseStatus.valueOf(status).reasonPhrase());
    json.writeNumberField("status", status);
    json.writeStringField("detail", detail);
    if (field != null) {
      json.writeStringField("field", field);
    }
    for (Map.Entry<String, String> member : new TreeMap<>(more).entrySet()) {
      json.writeStringField(member.getKey(), member.getValue());
    }
    json.writeEndObject();
  }
}
