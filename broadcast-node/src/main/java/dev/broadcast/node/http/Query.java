package dev.broadcast.node.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The query of a URL, read strictly: what cannot be decoded, is unknown, or stands twice where one
 * is expected is refused, since a typing error would otherwise change silently what a stream
 * delivers.
 */
final class Query {
  private static final Query EMPTY = new Query(List.of(), List.of());

  /** As they came; a name stands as often as it was given. */
  private final List<String> names;

  private final List<String> values;

  private Query(List<String> names, List<String> values) {
    this.names = names;
    this.values = values;
  }

  static Query parse(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return EMPTY;
    }
    List<String> names = new ArrayList<>(4);
    List<String> values = new ArrayList<>(4);
    for (int start = 0; start <= raw.length(); ) {
      int end = raw.indexOf('&', start);
      end = end < 0 ? raw.length() : end;
      if (end > start) {
        int equals = raw.indexOf('=', start);
        boolean bare = equals < 0 || equals > end;
        names.add(decode(raw, start, bare ? end : equals));
        values.add(bare ? "" : decode(raw, equals + 1, end));
      }
      start = end + 1;
    }
    return new Query(names, values);
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /**
   * Refuses parameters that are not in {@code known}.
   *
   * @param prefix of further ones that are, or null
   */
  void only(Set<String> known, @Nullable String prefix) {
    for (String name : names) {
      if (!known.contains(name) && (prefix == null || !name.startsWith(prefix))) {
        throw Refusal.badRequest(
            Text.shown(name), "unknown query parameter; " + shown(known, prefix));
      }
    }
  }

  private static String shown(Set<String> known, @Nullable String prefix) {
    return known.isEmpty()
        ? "none is known here"
        : "known are "
            + String.join(", ", new TreeSet<>(known))
            + (prefix == null ? "" : ", " + prefix + "KEY");
  }

  /** The value of a parameter that may stand once, or null. */
  @Nullable String single(String name) {
    int first = names.indexOf(name);
    if (first < 0) {
      return null;
    }
    if (names.lastIndexOf(name) != first) {
      throw Refusal.badRequest(name, "once expected, not " + all(name).size() + " times");
    }
    return values.get(first);
  }

  /** The values of a parameter that may be repeated. */
  List<String> all(String name) {
    if (!names.contains(name)) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        all.add(values.get(i));
      }
    }
    return all;
  }

  /** The names that begin with {@code prefix}, each once. */
  Set<String> names(String prefix) {
    Set<String> found = new LinkedHashSet<>();
    for (String name : names) {
      if (name.startsWith(prefix)) {
        found.add(name);
      }
    }
    return found;
  }

  /** A whole number within bounds, or {@code absent}. */
  int number(String name, int min, int max, int absent) {
    String value = single(name);
    if (value == null) {
      return absent;
    }
    if (value.isEmpty()
        || value.length() > 9
        || !Text.isDigits(value)
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
    return decode(raw, start, end, true);
  }

  /** Whether a parameter is true; left out, it is not. */
  boolean flag(String name) {
    String value = single(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (value.equals("true")) {
      return true;
    }
    throw Refusal.badRequest(name, "true or false expected, not " + Text.quoted(value));
  }

  /**
   * The same where a plus may stand for itself: in paths.
   *
   * @param plus whether it stands for a space
   */
  static String decode(String raw, int start, int end, boolean plus) {
    String place = plus ? "query" : "path";
    boolean plain = true;
    for (int i = start; i < end; i++) {
      char c = raw.charAt(i);
      if (c <= 0x20 || c >= 0x7f) {
        throw Refusal.badRequest(
            place, "only visible ASCII may stand in a URL; percent-encode anything else");
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
          throw Refusal.badRequest(place, "% and two hexadecimal digits expected");
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else {
        bytes.put((byte) (c == '+' && plus ? ' ' : c));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw Refusal.badRequest(place, "percent-encoded UTF-8 expected");
    }
  }
}
