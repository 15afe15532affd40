package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimestampsTest {
  private static final DateTimeFormatter EXPECTED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  @Test
  void saysWhatTheJdksFormatterSays() {
    Random random = new Random(1);
    long first = Instant.parse("0000-01-01T00:00:00Z").toEpochMilli();
    long end = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    for (int i = 0; i < 10_000; i++) {
      long millis = first + (long) (random.nextDouble() * (end - first));
      assertEquals(EXPECTED.format(Instant.ofEpochMilli(millis)), Timestamps.iso(millis));
    }
    assertEquals("0000-01-01T00:00:00.000Z", Timestamps.iso(first));
    assertEquals("9999-12-31T23:59:59.999Z", Timestamps.iso(end));
    assertEquals("1969-12-31T23:59:59.999Z", Timestamps.iso(-1));
  }

  @Test
  void refusesYearsOfFiveDigits() {
    assertThrows(IllegalArgumentException.class, () -> Timestamps.iso(Long.MAX_VALUE / 1000));
  }
}
