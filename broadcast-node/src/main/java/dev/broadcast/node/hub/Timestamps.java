package dev.broadcast.node.hub;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * Times as clients see them: ISO 8601 in UTC, always with milliseconds. Written by hand: a publish
 * is answered with one, and the JDK's formatter is as much code to compile as all the rest of that
 * answer. Any thread.
 */
public final class Timestamps {
  private static final byte[] SHAPE =
      "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.ISO_8859_1);

  private static final int DAY = 24 * 60 * 60;

  private Timestamps() {}

  /**
   * A time as text, such as {@code 2026-03-01T09:30:00.005Z}.
   *
   * @param millis since 1970, within the years 0 to 9999
   * @throws IllegalArgumentException beyond them
   */
  public static String iso(long millis) {
    long seconds = Math.floorDiv(millis, 1000L);
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(seconds, DAY));
    int year = day.getYear();
    if (year < 0 || year > 9999) {
      throw new IllegalArgumentException("millis: years 0 to 9999 expected, not " + year);
    }
    int second = Math.floorMod(seconds, DAY);
    int milli = Math.floorMod(millis, 1000);
    byte[] text = SHAPE.clone();
    put(text, 0, year / 100);
    put(text, 2, year % 100);
    put(text, 5, day.getMonthValue());
    put(text, 8, day.getDayOfMonth());
    put(text, 11, second / 3600);
    put(text, 14, second / 60 % 60);
    put(text, 17, second % 60);
    put(text, 20, milli / 10);
    text[22] = (byte) ('0' + milli % 10);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Two digits. */
  private static void put(byte[] text, int at, int value) {
    text[at] = (byte) ('0' + value / 10);
    text[at + 1] = (byte) ('0' + value % 10);
  }
}
