package dev.broadcast.node.hub;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Times as clients see them: ISO 8601 in UTC, always with milliseconds. Written by hand: a publish
 * is answered with one, and the JDK's formatter is as much code to compile as all the rest of that
 * answer. Any thread.
 */
public final class Timestamps {
  private Timestamps() {}

  /**
   * A time as text, such as {@code 2026-03-01T09:30:00.005Z}.
   *
   * @param millis since 1970, within the years 0 to 9999
   * @throws IllegalArgumentException beyond them
   */
  public static String iso(long millis) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(Math.floorDiv(millis, 1000L), 0, ZoneOffset.UTC);
    if (time.getYear() < 0 || time.getYear() > 9999) {
      throw new IllegalArgumentException("millis: years 0 to 9999 expected, not " + time.getYear());
    }
    byte[] text = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.ISO_8859_1);
    put(text, 3, time.getYear());
    put(text, 6, time.getMonthValue());
    put(text, 9, time.getDayOfMonth());
    put(text, 12, time.getHour());
    put(text, 15, time.getMinute());
    put(text, 18, time.getSecond());
    put(text, 22, Math.floorMod(millis, 1000));
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Digits, right to left; zeros stand there already. */
  private static void put(byte[] text, int last, int value) {
    int at = last;
    for (int rest = value; rest > 0; rest /= 10) {
      text[at--] = (byte) ('0' + rest % 10);
    }
  }
}
