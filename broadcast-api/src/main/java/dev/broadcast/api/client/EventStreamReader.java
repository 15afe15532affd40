package dev.broadcast.api.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes events of bytes, as they come (WHATWG HTML, 9.2.5 and 9.2.6). One stream each; not
 * thread-safe.
 */
final class EventStreamReader {
  /** Told what stands on the stream. */
  interface Sink {
    /**
     * An event.
     *
     * @param type {@code message} for an unnamed one
     * @param id the last id that the stream named, empty for none
     */
    void event(String type, String data, String id);

    /** A block that only names an id. */
    void idOnly(String id);

    /** How long to wait before coming back. */
    void retry(long millis);
  }

  private final Sink sink;
  private final int maxEventSize;
  private byte[] line = new byte[512];
  private int length;
  private boolean afterCr;
  private boolean first = true;
  private final StringBuilder data = new StringBuilder();
  private boolean hasData;
  private boolean hasId;
  private String type = "";
  private String id = "";

  EventStreamReader(Sink sink, int maxEventSize) {
    this.sink = sink;
    this.maxEventSize = maxEventSize;
  }

  /**
   * Takes what came.
   *
   * @throws IOException if an event is longer than it may be
   */
  void feed(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      boolean lineFeedOfCr = b == '\n' && afterCr;
      afterCr = b == '\r';
      if (lineFeedOfCr) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        line();
      } else {
        if (length + data.length() >= maxEventSize) {
          throw new IOException("an event of more than " + maxEventSize + " bytes");
        }
        if (length == line.length) {
          line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = b;
      }
    }
  }

  private void line() {
    String text = new String(line, 0, length, StandardCharsets.UTF_8);
    length = 0;
    if (first) {
      first = false;
      text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
    if (text.isEmpty()) {
      block();
      return;
    }
    int colon = text.indexOf(':');
    if (colon == 0) {
      return;
    }
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    field(name, value.startsWith(" ") ? value.substring(1) : value);
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> {
        data.append(hasData ? "\n" : "").append(value);
        hasData = true;
      }
      case "id" -> {
        if (value.indexOf('\0') < 0) {
          id = value;
          hasId = true;
        }
      }
      case "retry" -> {
        if (!value.isEmpty()
            && value.length() < 10
            && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
          sink.retry(Long.parseLong(value));
        }
      }
      default -> {}
    }
  }

  private void block() {
    if (hasData) {
      sink.event(type.isEmpty() ? "message" : type, data.toString(), id);
    } else if (hasId) {
      sink.idOnly(id);
    }
    data.setLength(0);
    hasData = false;
    hasId = false;
    type = "";
  }
}
