package dev.broadcast.node.ops;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size as people write it: a whole number and a unit, never one without the other.
 *
 * @param bytes not negative
 */
record Size(long bytes) {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)");

  /**
   * Reads {@code 512B}, {@code 64KiB}, {@code 1MiB}, {@code 2GiB}.
   *
   * @throws IllegalArgumentException with what would be right, if it is none
   */
  static Size parse(String text) {
    Matcher m = SIZE.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "a whole number with its unit B, KiB, MiB or GiB expected (64KiB, 1MiB)");
    }
    int shift =
        switch (m.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    return new Size(Long.parseLong(m.group(1)) << shift);
  }
}
