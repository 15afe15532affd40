package dev.broadcast.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * WHATWG HTML 9.2.6, sentence by sentence and with no thought of speed: what a browser makes of a
 * stream. Shares nothing with the encoder.
 */
final class EventStreamParser {
  /** A dispatched event. */
  record Event(String type, String data, String lastEventId) {}

  final List<Event> events = new ArrayList<>();
  final List<String> comments = new ArrayList<>();
  final List<String> unknown = new ArrayList<>();
  String lastEventId = "";
  int retry = -1;
  private String idBuffer = "";
  private String dataBuffer = "";
  private String typeBuffer = "";

  static EventStreamParser parse(byte[] stream) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(stream)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
    if (text.startsWith("\uFEFF")) {
      throw new AssertionError("byte order mark");
    }
    var parser = new EventStreamParser();
    String[] lines = Pattern.compile("\r\n|\r|\n").split(text, -1);
    for (int i = 0; i < lines.length - 1; i++) {
      parser.line(lines[i]);
    }
    if (!lines[lines.length - 1].isEmpty()) {
      throw new AssertionError("a line without an end: " + lines[lines.length - 1]);
    }
    return parser;
  }

  private void line(String line) {
    if (line.isEmpty()) {
      dispatch();
    } else if (line.startsWith(":")) {
      comments.add(line.substring(1));
    } else if (line.contains(":")) {
      String value = line.substring(line.indexOf(':') + 1);
      field(
          line.substring(0, line.indexOf(':')), value.startsWith(" ") ? value.substring(1) : value);
    } else {
      field(line, "");
    }
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> typeBuffer = value;
      case "data" -> dataBuffer += value + "\n";
      case "id" -> {
        if (!value.contains("\0")) {
          idBuffer = value;
        }
      }
      case "retry" -> {
        if (value.matches("[0-9]+")) {
          retry = Integer.parseInt(value);
        }
      }
      default -> unknown.add(name);
    }
  }

  private void dispatch() {
    lastEventId = idBuffer;
    if (!dataBuffer.isEmpty()) {
      events.add(
          new Event(
              typeBuffer.isEmpty() ? "message" : typeBuffer,
              dataBuffer.substring(0, dataBuffer.length() - 1),
              lastEventId));
    }
    dataBuffer = "";
    typeBuffer = "";
  }
}
