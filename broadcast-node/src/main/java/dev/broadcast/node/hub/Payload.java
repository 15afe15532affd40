package dev.broadcast.node.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.api.Names;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message as the backplane keeps it: one line that says what {@code data} is ({@code T} text,
 * {@code J} JSON) followed by the other fields as a JSON object, then the data as it is. So the
 * data goes from Redis to the socket without being parsed, and a plain message needs no JSON parser
 * at all. Immutable.
 *
 * @param type null for an unnamed event
 * @param json whether the data is JSON rather than text
 * @param targetIds what it is about
 * @param metadata a compact JSON object, or null
 * @param exclude connections that must not get it
 * @param to the only connections that may, empty for all
 * @param bytes the whole payload; never changed
 * @param dataOffset where the data begins in it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Payload(
    @Nullable String type,
    boolean json,
    List<String> targetIds,
    @Nullable String metadata,
    List<String> exclude,
    List<String> to,
    byte[] bytes,
    int dataOffset) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Length of the header line of a message that has data and nothing else. */
  private static final int PLAIN_HEADER = 4;

  /** What is stored for a message. */
  static byte[] encode(Message message) {
    byte[] data = message.data().content().getBytes(StandardCharsets.UTF_8);
    int kind = message.data() instanceof Data.Json ? 'J' : 'T';
    if (isPlain(message)) {
      byte[] bytes = new byte[PLAIN_HEADER + data.length];
      bytes[0] = (byte) kind;
      bytes[1] = '{';
      bytes[2] = '}';
      bytes[3] = '\n';
      System.arraycopy(data, 0, bytes, PLAIN_HEADER, data.length);
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 64);
    out.write(kind);
    try (JsonGenerator g = JSON.createGenerator(out)) {
      g.writeStartObject();
      if (message.type() != null) {
        g.writeStringField("type", message.type());
      }
      writeIds(g, "target_ids", message.targetIds());
      if (message.metadata() != null) {
        g.writeFieldName("metadata");
        g.writeRawValue(message.metadata());
      }
      writeIds(g, "exclude", message.exclude());
      writeIds(g, "to", message.to());
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.write('\n');
    out.writeBytes(data);
    return out.toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalArgumentException if it is something else: Redis is shared, and others may write
   */
  static Payload decode(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    if (end < 3 || end == bytes.length || (bytes[0] != 'T' && bytes[0] != 'J')) {
      throw new IllegalArgumentException("payload: no header line");
    }
    boolean json = bytes[0] == 'J';
    if (end == 3 && bytes[1] == '{' && bytes[2] == '}') {
      return new Payload(null, json, List.of(), null, List.of(), List.of(), bytes, PLAIN_HEADER);
    }
    try (JsonParser p = JSON.createParser(bytes, 1, end - 1)) {
      return readHeader(p, json, bytes, end + 1);
    } catch (IOException e) {
      throw new IllegalArgumentException("payload: header is no JSON object", e);
    }
  }

  private static Payload readHeader(JsonParser p, boolean json, byte[] bytes, int dataOffset)
      throws IOException {
    String type = null;
    String metadata = null;
    List<String> targetIds = List.of();
    List<String> exclude = List.of();
    List<String> to = List.of();
    if (p.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("payload: header is no JSON object");
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      JsonToken value = p.nextToken();
      switch (field) {
        case "type" -> type = Names.type(field, text(p, value));
        case "target_ids" -> targetIds = readIds(p, value);
        case "metadata" -> metadata = readObject(p, value);
        case "exclude" -> exclude = readIds(p, value);
        case "to" -> to = readIds(p, value);
        default -> p.skipChildren(); // written by a later version
      }
    }
    if (p.currentToken() != JsonToken.END_OBJECT || p.nextToken() != null) {
      throw new IllegalArgumentException("payload: one JSON object expected as header");
    }
    return new Payload(type, json, targetIds, metadata, exclude, to, bytes, dataOffset);
  }

  private static boolean isPlain(Message message) {
    return message.type() == null
        && message.metadata() == null
        && message.targetIds().isEmpty()
        && message.exclude().isEmpty()
        && message.to().isEmpty();
  }

  /** Whether only some connections are concerned, by their ids. */
  boolean addressed() {
    return !to.isEmpty() || !exclude.isEmpty();
  }

  /** Length of the data in bytes. */
  int dataLength() {
    return bytes.length - dataOffset;
  }

  /** The whole message as a compact JSON object, as {@code format=message} and history show it. */
  String toJson(@Nullable String id, @Nullable String topic, String timestamp) {
    StringWriter out = new StringWriter(bytes.length + 128);
    try (JsonGenerator g = JSON.createGenerator(out)) {
      g.writeStartObject();
      if (id != null) {
        g.writeStringField("id", id);
      }
      if (topic != null) {
        g.writeStringField("topic", topic);
      }
      if (type != null) {
        g.writeStringField("type", type);
      }
      g.writeFieldName("data");
      String data = new String(bytes, dataOffset, dataLength(), StandardCharsets.UTF_8);
      if (json) {
        g.writeRawValue(data);
      } else {
        g.writeString(data);
      }
      g.writeStringField("timestamp", timestamp);
      writeIds(g, "target_ids", targetIds);
      if (metadata != null) {
        g.writeFieldName("metadata");
        g.writeRawValue(metadata);
      }
      g.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void writeIds(JsonGenerator g, String field, List<String> ids) throws IOException {
    if (!ids.isEmpty()) {
      g.writeArrayFieldStart(field);
      for (String id : ids) {
        g.writeString(id);
      }
      g.writeEndArray();
    }
  }

  private static String text(JsonParser p, @Nullable JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING) {
      throw new IllegalArgumentException("payload: text expected in the header");
    }
    return p.getText();
  }

  private static List<String> readIds(JsonParser p, @Nullable JsonToken value) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      throw new IllegalArgumentException("payload: an array of ids expected in the header");
    }
    List<String> ids = new ArrayList<>();
    for (JsonToken id = p.nextToken(); id != JsonToken.END_ARRAY; id = p.nextToken()) {
      ids.add(text(p, id));
    }
    return List.copyOf(ids);
  }

  private static String readObject(JsonParser p, @Nullable JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("payload: metadata is no JSON object");
    }
    StringWriter out = new StringWriter();
    try (JsonGenerator g = JSON.createGenerator(out)) {
      g.copyCurrentStructureExact(p);
    }
    return out.toString();
  }
}
