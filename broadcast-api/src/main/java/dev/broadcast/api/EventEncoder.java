package dev.broadcast.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes blocks of an event stream (WHATWG HTML, 9.2.5 and 9.2.6) as UTF-8: lines end with LF
 * alone, every block ends with an empty line, there is no byte order mark. Stateless, any thread.
 *
 * <p>Data is split at CR, LF and CRLF, each of which ends a line to a client; so a client gets LF
 * wherever one of them was published, and as many line breaks as there were. A character that UTF-8
 * cannot hold (half of a surrogate pair) becomes {@code ?}.
 */
public final class EventEncoder {
  private static final byte[] ID = ascii("id: ");
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] COMMENT = ascii(": ");
  private static final byte[] RETRY = ascii("retry: ");

  private EventEncoder() {}

  /**
   * One event.
   *
   * @param id what a client sends back as {@code Last-Event-ID}, or null for none
   * @param type the event's name, or null for an unnamed event ({@code message} to a browser)
   * @param data any text; empty data is an event, too
   * @throws InvalidMessageException if {@code id} or {@code type} is empty or has CR, LF or NUL
   */
  public static byte[] event(@Nullable String id, @Nullable String type, String data) {
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    return event(id, type, bytes, 0, bytes.length);
  }

  /**
   * One event whose data is UTF-8 already.
   *
   * @param id as above
   * @param type as above
   * @param data holds the data, which is not checked
   * @param offset where the data begins
   * @param length how many bytes it has
   * @throws InvalidMessageException if {@code id} or {@code type} is empty or has CR, LF or NUL
   */
  public static byte[] event(
      @Nullable String id, @Nullable String type, byte[] data, int offset, int length) {
    byte[] idValue = id == null ? null : value("id", id);
    byte[] typeValue = type == null ? null : value("type", type);
    int size =
        field(ID, idValue) + field(EVENT, typeValue) + sizeOfLines(DATA, data, offset, length) + 1;
    Block block = new Block(size);
    block.field(ID, idValue);
    block.field(EVENT, typeValue);
    block.lines(DATA, data, offset, length);
    return block.end();
  }

  /**
   * A block with nothing but an id: a client keeps it as its last one and dispatches no event.
   *
   * @throws InvalidMessageException if {@code id} is empty or has CR, LF or NUL
   */
  public static byte[] idOnly(String id) {
    byte[] idValue = value("id", id);
    Block block = new Block(field(ID, idValue) + 1);
    block.field(ID, idValue);
    return block.end();
  }

  /** A comment, which a client ignores; a text of several lines becomes several comment lines. */
  public static byte[] comment(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Block block = new Block(sizeOfLines(COMMENT, bytes, 0, bytes.length) + 1);
    block.lines(COMMENT, bytes, 0, bytes.length);
    return block.end();
  }

  /**
   * How long a client waits before it comes back.
   *
   * @param wait not negative; sent in whole milliseconds
   */
  public static byte[] retry(Duration wait) {
    if (wait.isNegative()) {
      throw new IllegalArgumentException("retry: not negative expected");
    }
    byte[] millis = ascii(Long.toString(wait.toMillis()));
    Block block = new Block(field(RETRY, millis) + 1);
    block.field(RETRY, millis);
    return block.end();
  }

  private static byte[] value(String field, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    boolean fits = bytes.length > 0;
    for (byte b : bytes) {
      fits &= b != '\r' && b != '\n' && b != 0;
    }
    if (!fits) {
      throw new InvalidMessageException(
          field,
          "at least one character, and no CR, LF and NUL expected, not " + Names.quote(value));
    }
    return bytes;
  }

  private static int field(byte[] name, byte @Nullable [] value) {
    return value == null ? 0 : name.length + value.length + 1;
  }

  /** Exact, or one too many for each CRLF. CR and LF are never part of a longer UTF-8 sequence. */
  private static int sizeOfLines(byte[] name, byte[] data, int offset, int length) {
    int breaks = 0;
    for (int i = offset; i < offset + length; i++) {
      if (data[i] == '\n' || data[i] == '\r') {
        breaks++;
      }
    }
    return Math.addExact(length + 1 + name.length, Math.multiplyExact(breaks, name.length));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The bytes of one block while it is written. */
  private static final class Block {
    private final byte[] bytes;
    private int end;

    Block(int capacity) {
      bytes = new byte[capacity];
    }

    void field(byte[] name, byte @Nullable [] value) {
      if (value != null) {
        line(name, value, 0, value.length);
      }
    }

    void lines(byte[] name, byte[] data, int offset, int length) {
      int stop = offset + length;
      int start = offset;
      for (int i = offset; i < stop; i++) {
        byte b = data[i];
        if (b == '\n' || b == '\r') {
          line(name, data, start, i - start);
          if (b == '\r' && i + 1 < stop && data[i + 1] == '\n') {
            i++;
          }
          start = i + 1;
        }
      }
      line(name, data, start, stop - start);
    }

    private void line(byte[] name, byte[] data, int offset, int length) {
      System.arraycopy(name, 0, bytes, end, name.length);
      System.arraycopy(data, offset, bytes, end + name.length, length);
      end += name.length + length;
      bytes[end++] = '\n';
    }

    byte[] end() {
      bytes[end++] = '\n';
      return end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
    }
  }
}
