package dev.broadcast.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The event stream interpretation of the WHATWG HTML standard (section 9.2.6), to the letter: what
 * a browser would make of these bytes. One per response; the last event id outlives it and is
 * handed in.
 */
public final class SseParser {

  /** What comes out, in the order of the stream. */
  public interface Sink {

    /** A dispatched event; {@code lastEventId} is what a browser would then send back. */
    void event(String type, String data, String lastEventId);

    /** A block without data: dispatches nothing, but a browser stores its id. */
    void idOnly(String lastEventId);

    void comment(String text);

    void retry(long millis);
  }

  private final Sink sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String id;
  private String lastEventId;
  private boolean firstLine = true;
  private boolean afterCarriageReturn;

  public SseParser(String lastEventId, Sink sink) {
    this.sink = sink;
    this.id = lastEventId;
    this.lastEventId = lastEventId;
  }

  /** Feeds the next bytes; lines and characters may be cut anywhere between two calls. */
  public void feed(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      byte b = bytes[i];
      boolean endsPreviousLine = b == '\n' && afterCarriageReturn;
      afterCarriageReturn = b == '\r';
      if (endsPreviousLine) {
        continue;
      }
      if (b == '\r' || b == '\n') {
        // Splitting before decoding is safe: no byte of a multi-byte UTF-8 character is CR or LF.
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        process(firstLine ? withoutByteOrderMark(text) : text);
        firstLine = false;
      } else {
        line.write(b);
      }
    }
  }

  private static String withoutByteOrderMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private void process(String text) {
    if (text.isEmpty()) {
      dispatch();
      return;
    }
    int colon = text.indexOf(':');
    if (colon == 0) {
      sink.comment(text.substring(1));
    } else if (colon < 0) {
      field(text, "");
    } else {
      String value = text.substring(colon + 1);
      field(text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
    }
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> {
        if (value.indexOf('\0') < 0) {
          id = value;
        }
      }
      case "retry" -> {
        if (value.matches("[0-9]{1,18}")) {
          sink.retry(Long.parseLong(value));
        }
      }
      default -> {
        // Unknown fields are ignored.
      }
    }
  }

  private void dispatch() {
    boolean moved = !id.equals(lastEventId);
    lastEventId = id;
    if (data.isEmpty()) {
      if (moved) {
        sink.idOnly(id);
      }
    } else {
      String text = data.substring(0, data.length() - 1);
      sink.event(type.isEmpty() ? "message" : type, text, id);
    }
    data.setLength(0);
    type = "";
  }
}
