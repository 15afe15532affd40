package dev.broadcast.api;

import java.util.Set;

/** The rules for the names that users choose: topics, types, ids. */
public final class Names {
  /** The topic of a message or stream that names none. */
  public static final String DEFAULT_TOPIC = "global";

  /** The longest topic, in characters. */
  public static final int MAX_TOPIC = 255;

  /** The longest type, kind or id, in characters. */
  public static final int MAX_NAME = 255;

  /** Types that only the node itself sends. */
  public static final Set<String> RESERVED_TYPES =
      Set.of("connected", "closing", "reset", "presence", "heartbeat");

  private static final String TOPIC_MARKS = "_.:/-";

  private Names() {}

  /** Returns {@code topic} if it is 1-255 of {@code A-Z a-z 0-9 _ . : / -}, else throws. */
  public static String topic(String field, String topic) {
    if (topic.isEmpty() || topic.length() > MAX_TOPIC || !isTopic(topic)) {
      throw new InvalidMessageException(
          field, "a topic is 1 to 255 characters of A-Z a-z 0-9 _ . : / -, not " + quote(topic));
    }
    return topic;
  }

  /**
   * Returns {@code name} if it can stand in a line of an event stream: 1-255 characters without CR,
   * LF and NUL (WHATWG HTML, 9.2.5: a line ends at CR or LF; an id with NUL is ignored), else
   * throws.
   */
  public static String name(String field, String name) {
    if (name.isEmpty() || name.length() > MAX_NAME || !isLine(name)) {
      throw new InvalidMessageException(
          field, "1 to 255 characters without CR, LF and NUL expected, not " + quote(name));
    }
    return name;
  }

  /**
   * Returns {@code type} if it is a {@link #name} that is not reserved for the node, else throws.
   */
  public static String type(String field, String type) {
    name(field, type);
    if (RESERVED_TYPES.contains(type)) {
      throw new InvalidMessageException(
          field, quote(type) + " is reserved for the server; choose another type");
    }
    return type;
  }

  // Plain loops: names are checked for every stream and message, and a stream of characters costs
  // the compiler of a young process more than all else of such a check.

  private static boolean isTopic(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fits =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || TOPIC_MARKS.indexOf(c) >= 0;
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        return false;
      }
    }
    return true;
  }

  /** A user's text for a message: shortened, control characters escaped. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .limit(60)
        .forEach(
            c -> {
              if (c < 0x20 || c == 0x7f) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append(text.codePointCount(0, text.length()) > 60 ? "…\"" : "\"").toString();
  }
}
