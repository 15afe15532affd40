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

  private Names() {}

  /** Returns {@code topic} if it is 1-255 of {@code A-Z a-z 0-9 _ . : / -}, else throws. */
  public static String topic(String field, String topic) {
    if (topic.isEmpty() || topic.length() > MAX_TOPIC || !topic.chars().allMatch(Names::inTopic)) {
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
    if (name.isEmpty() || name.length() > MAX_NAME || !name.chars().allMatch(Names::inLine)) {
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

  private static boolean inTopic(int c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || "_.:/-".indexOf(c) >= 0;
  }

  private static boolean inLine(int c) {
    return c != '\r' && c != '\n' && c != 0;
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
