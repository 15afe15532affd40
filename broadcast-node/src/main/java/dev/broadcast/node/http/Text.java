package dev.broadcast.node.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text of strangers: read strictly, shown shortened. */
final class Text {
  private Text() {}

  /** Decodes UTF-8 or refuses. */
  static String utf8(byte[] bytes, int offset, int length) {
    // What is malformed becomes U+FFFD, so only text with one in it needs the slow decoder that
    // says whether it stood there.
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0 ? text : strictly(bytes, offset, length);
  }

  private static String strictly(byte[] bytes, int offset, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw Refusal.badRequest("body", "UTF-8 expected; the body has bytes that are none");
    }
  }

  /** Whether there is nothing but ASCII digits. */
  static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Whether there is nothing but visible ASCII, without spaces. */
  static boolean isVisible(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= 0x20 || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  /** Whether every surrogate has its other half, without which text is not Unicode. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Shortened, with nothing in it that could disturb a log or a terminal. */
  static String shown(String text) {
    return shown(text, 60);
  }

  /** As above, of at most {@code length} characters. */
  static String shown(String text, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length() && i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == 0x7f || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append(text.length() > length ? "…" : "").toString();
  }

  static String quoted(String text) {
    return '"' + shown(text) + '"';
  }
}
