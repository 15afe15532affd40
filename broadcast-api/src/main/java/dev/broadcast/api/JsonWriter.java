package dev.broadcast.api;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java values as compact JSON. */
final class JsonWriter {
  /** As deep as the node lets a body nest. */
  static final int MAX_DEPTH = 200;

  private static final String HEX = "0123456789abcdef";

  private JsonWriter() {}

  static void value(StringBuilder out, @Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidMessageException("data", "at most " + MAX_DEPTH + " levels of nesting");
    }
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof CharSequence text) {
      text(out, text);
    } else if (value instanceof Number number) {
      number(out, number);
    } else if (value instanceof Map<?, ?> map) {
      map(out, map, depth);
    } else if (value instanceof Iterable<?> items) {
      list(out, items, depth);
    } else if (value instanceof Object[] items) {
      list(out, Arrays.asList(items), depth);
    } else if (value instanceof Data.Text text) {
      text(out, text.content());
    } else if (value instanceof Data.Json json) {
      out.append(json.content());
    } else {
      throw new InvalidMessageException(
          "data",
          "null, true, false, numbers, text, maps, lists and Data expected, not "
              + value.getClass().getName());
    }
  }

  static void text(StringBuilder out, CharSequence text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static void number(StringBuilder out, Number number) {
    double value = number.doubleValue();
    if ((number instanceof Double || number instanceof Float) && !Double.isFinite(value)) {
      throw new InvalidMessageException("data", "JSON has no number " + number);
    }
    out.append(number);
  }

  private static void map(StringBuilder out, Map<?, ?> map, int depth) {
    char before = '{';
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof CharSequence key)) {
        throw new InvalidMessageException("data", "text expected as key, not " + entry.getKey());
      }
      text(out.append(before), key);
      value(out.append(':'), entry.getValue(), depth + 1);
      before = ',';
    }
    out.append(before == '{' ? "{}" : "}");
  }

  private static void list(StringBuilder out, Iterable<?> items, int depth) {
    char before = '[';
    for (Object item : items) {
      value(out.append(before), item, depth + 1);
      before = ',';
    }
    out.append(before == '[' ? "[]" : "]");
  }
}
