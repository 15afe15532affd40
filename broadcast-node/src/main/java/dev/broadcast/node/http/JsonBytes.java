package dev.broadcast.node.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Arrays;

/**
 * JSON that is put together from pieces, for answers that are given tens of thousands of times a
 * second: a generator, or even a StringBuilder, is several times as much code to compile.
 */
final class JsonBytes {
  private byte[] bytes;
  private int length;

  /** Empty, with room for {@code expected} bytes. */
  JsonBytes(int expected) {
    bytes = new byte[expected];
  }

  /** Appends ASCII as it is. */
  @SuppressWarnings("deprecation") // It drops the high bytes of characters; here are none.
  JsonBytes ascii(String text) {
    int from = grow(text.length());
    text.getBytes(0, text.length(), bytes, from);
    return this;
  }

  /** Appends any text as a string with its quotes. */
  JsonBytes string(String text) {
    return ascii("\"").raw(JsonStringEncoder.getInstance().quoteAsUTF8(text)).ascii("\"");
  }

  /** Appends JSON as it is. */
  JsonBytes raw(byte[] json) {
    int from = grow(json.length);
    System.arraycopy(json, 0, bytes, from, json.length);
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private int grow(int by) {
    int from = length;
    length += by;
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
    }
    return from;
  }
}
