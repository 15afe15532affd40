package dev.broadcast.node.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a media type (RFC 9110, 8.3.1), once, from its first character to its last. By hand: the
 * regular expression for it cost a new stream more than all else that is read of it.
 */
final class MediaTypeReader {
  private static final String TOKEN_MARKS = "!#$%&'*+.^_`|~-";

  private final String text;
  private int at;

  MediaTypeReader(String text) {
    this.text = text;
  }

  /** Returns null for what is none. */
  @Nullable MediaType read() {
    skipSpace();
    String type = token();
    if (type.isEmpty() || !take('/')) {
      return null;
    }
    String subtype = token();
    if (subtype.isEmpty()) {
      return null;
    }
    skipSpace();
    Map<String, String> parameters = at < text.length() ? new LinkedHashMap<>() : Map.of();
    while (at < text.length()) {
      if (!take(';') || !parameter(parameters)) {
        return null;
      }
    }
    return new MediaType(
        type.toLowerCase(Locale.ROOT), subtype.toLowerCase(Locale.ROOT), parameters);
  }

  /** What stands behind a semicolon, perhaps nothing. */
  private boolean parameter(Map<String, String> parameters) {
    skipSpace();
    String name = token();
    if (!name.isEmpty()) {
      String value = take('=') ? value() : null;
      if (value == null) {
        return false;
      }
      parameters.put(name.toLowerCase(Locale.ROOT), value);
      skipSpace();
    }
    return true;
  }

  private @Nullable String value() {
    if (take('"')) {
      return quoted();
    }
    String token = token();
    return token.isEmpty() ? null : token;
  }

  /** As it stands between the quotes. */
  private @Nullable String quoted() {
    int start = at;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return text.substring(start, at - 1);
      }
      if (c == '\\') {
        at++;
      }
    }
    return null;
  }

  private String token() {
    int start = at;
    while (at < text.length() && inToken(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean inToken(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_MARKS.indexOf(c) >= 0;
  }

  private boolean take(char expected) {
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\u000B\f\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }
}
