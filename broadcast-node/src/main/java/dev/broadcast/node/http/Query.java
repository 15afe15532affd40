package dev.broadcast.node.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The query of a URL, read strictly: what cannot be decoded, is unknown, or stands twice where one
 * is expected is refused, since a typing error would otherwise change silently what a stream
 * delivers.
 */
final class Query {
  private static final Query EMPTY = new Query(Map.of());

  private final Map<String, List<String>> values;

  private Query(Map<String, List<String>> values) {
    this.values = values;
  }

  static Query parse(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return EMPTY;
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (int start = 0; start <= raw.length(); ) {
      int end = raw.indexOf('&', start);
      end = end < 0 ? raw.length() : end;
      if (end > start) {
        int equals = raw.indexOf('=', start);
        boolean bare = equals < 0 || equals > end;
        String name = decode(raw, start, bare ? end : equals);
        String value = bare ? "" : decode(raw, equals + 1, end);
        values.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
      }
      start = end + 1;
    }
    return new Query(values);
  }

  /**
   * Refuses parameters that are not in {@code known}.
   *
   * @param prefix of further ones that are, or null
   */
  void only(Set<String> known, @Nullable String prefix) {
    for (String name : values.keySet()) {
      if (!known.contains(name) && (prefix == null || !name.startsWith(prefix))) {
        throw Refusal.badRequest(
            Text.shown(name),
            "unknown query parameter; "
                + (known.isEmpty()
                    ? "none is known here"
                    : "known are "
                        + known.stream().sorted().collect(Collectors.joining(", "))
                        + (prefix == null ? "" : ", " + prefix + "KEY")));
      }
    }
  }

  /** The value of a parameter that may stand once, or null. */
  @Nullable String single(String name) {
    List<String> all = values.getOrDefault(name, List.of());
    if (all.size() > 1) {
      throw Refusal.badRequest(name, "once expected, not " + all.size() + " times");
    }
    return all.isEmpty() ? null : all.get(0);
  }

  /** The values of a parameter that may be repeated. */
  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** The names that begin with {@code prefix}. */
  List<String> names(String prefix) {
    return values.keySet().stream().filter(n -> n.startsWith(prefix)).toList();
  }

  /** A whole number within bounds, or {@code absent}. */
  int number(String name, int min, int max, int absent) {
    String value = single(name);
    if (value == null) {
      return absent;
    }
    if (value.isEmpty()
        || value.length() > 9
        || !value.chars().allMatch(c -> c >= '0' && c <= '9')
        || Integer.parseInt(value) < min
        || Integer.parseInt(value) > max) {
      throw Refusal.badRequest(
          name,
          "a whole number from " + min + " to " + max + " expected, not " + Text.quoted(value));
    }
    return Integer.parseInt(value);
  }

  /** Percent-decoding (RFC 3986, and {@code +} for a space), UTF-8. */
  private static String decode(String raw, int start, int end) {
    boolean plain = true;
    for (int i = start; i < end; i++) {
      char c = raw.charAt(i);
      if (c <= 0x20 || c >= 0x7f) {
        throw Refusal.badRequest(
            "query", "only visible ASCII may stand in a URL; percent-encode anything else");
      }
      plain &= c != '%' && c != '+';
    }
    if (plain) {
      return raw.substring(start, end);
    }
    ByteBuffer bytes = ByteBuffer.allocate(end - start);
    for (int i = start; i < end; i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        int high = i + 2 < end ? Character.digit(raw.charAt(i + 1), 16) : -1;
        int low = i + 2 < end ? Character.digit(raw.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw Refusal.badRequest("query", "% and two hexadecimal digits expected");
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else {
        bytes.put((byte) (c == '+' ? ' ' : c));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.badRequest("query", "percent-encoded UTF-8 expected");
    }
  }
}
