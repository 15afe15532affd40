package dev.broadcast.api.html;

import dev.broadcast.api.InvalidMessageException;

/** What keeps values from becoming markup (WHATWG HTML, 13.3) or selectors (CSSOM, 2.1). */
final class Escape {
  private Escape() {}

  /** For text and for attribute values in double quotes. */
  static String text(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /** A tag's or attribute's name, which cannot be escaped, only refused. */
  static String name(String field, String name) {
    boolean fits = !name.isEmpty();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      fits &= c > 0x20 && c != 0x7f && "\"'<>/=`".indexOf(c) < 0;
    }
    if (!fits) {
      throw new InvalidMessageException(
          field, "a name without spaces, quotes, <, >, / and = expected, not " + name);
    }
    return name;
  }

  /** The selector of an id, as {@code CSS.escape} in a browser makes it. */
  static String idSelector(String id) {
    StringBuilder out = new StringBuilder("#");
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      boolean first = i == 0 || (i == 1 && id.charAt(0) == '-');
      if (c < 0x20 || c == 0x7f || (digit && first)) {
        out.append('\\').append(Integer.toHexString(c)).append(' ');
      } else if (c >= 0x80
          || c == '_'
          || digit
          || (c == '-' && id.length() > 1)
          || (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')) {
        out.append(c);
      } else {
        out.append('\\').append(c);
      }
    }
    return out.toString();
  }
}
