package dev.broadcast.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StampTest {
  private final Stamp stamp = new Stamp();

  @Test
  void readsWhatWasWritten() {
    Random random = new Random(1);
    byte[] text = new byte[Stamp.LENGTH + 3];
    for (int i = 0; i < 10_000; i++) {
      int run = random.nextInt();
      int publisher = random.nextInt(Stamp.MAX_PUBLISHERS);
      int sequence = random.nextInt(Integer.MAX_VALUE);
      long due = random.nextLong();

      Stamp.write(text, 3, run, publisher, sequence, due);

      byte[] message = new String(text, 3, Stamp.LENGTH, US_ASCII).getBytes(US_ASCII);
      assertTrue(stamp.read(message, message.length));
      assertEquals(run, stamp.run());
      assertEquals(publisher, stamp.publisher());
      assertEquals(sequence, stamp.sequence());
      assertEquals(due, stamp.dueNanos());
    }
  }

  @Test
  void isReadableText() {
    byte[] text = new byte[Stamp.LENGTH];
    Stamp.write(text, 0, 0xcafe, 63, 255, 1);

    assertEquals("0000cafe-03f-000000ff-0000000000000001--", new String(text, US_ASCII));
  }

  @Test
  void refusesOtherTexts() {
    assertFalse(stamp.read("hello".getBytes(US_ASCII), 5));
    assertFalse(stamp.read("x".repeat(64).getBytes(US_ASCII), 64));
  }
}
