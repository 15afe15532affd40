package dev.broadcast.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventEncoderTest {

  private static String text(byte[] block) {
    return new String(block, UTF_8);
  }

  @Test
  void writesIdTypeAndDataWithLineFeedsOnly() {
    assertEquals(
        "id: a.b.0.1\nevent: update\ndata: hello\n\n",
        text(EventEncoder.event("a.b.0.1", "update", "hello")));
    assertEquals("data: hello\n\n", text(EventEncoder.event(null, null, "hello")));
  }

  @Test
  void splitsDataAtEveryKindOfLineBreakAndKeepsTheLastEmptyLine() {
    assertEquals(
        "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n",
        text(EventEncoder.event(null, null, "a\nb\rc\r\nd\n")));
    assertEquals("data: \ndata: \ndata: \n\n", text(EventEncoder.event(null, null, "\n\r")));
    assertEquals("data: \n\n", text(EventEncoder.event(null, null, "")));
  }

  @Test
  void keepsLeadingSpacesColonsAndNul() {
    var parser = EventStreamParser.parse(EventEncoder.event("1", null, "  : \0x"));
    assertEquals(List.of(new EventStreamParser.Event("message", "  : \0x", "1")), parser.events);
  }

  @Test
  void anIdAloneIsKeptAndDispatchesNothing() {
    assertEquals("id: 7\n\n", text(EventEncoder.idOnly("7")));
    var parser = EventStreamParser.parse(EventEncoder.idOnly("7"));
    assertEquals("7", parser.lastEventId);
    assertEquals(List.of(), parser.events);
  }

  @Test
  void commentsAndRetryAreNoEvents() {
    assertEquals(": a\n: b\n\n", text(EventEncoder.comment("a\r\nb")));
    assertEquals("retry: 1500\n\n", text(EventEncoder.retry(Duration.ofMillis(1500))));
    assertThrows(IllegalArgumentException.class, () -> EventEncoder.retry(Duration.ofMillis(-1)));
  }

  @Test
  void refusesWhatWouldForgeALineOrWipeTheCursor() {
    for (String bad : List.of("a\nb", "a\rb", "\n", "a\0", "")) {
      var id =
          assertThrows(
              InvalidMessageException.class, () -> EventEncoder.event(bad, null, "x"), bad);
      assertEquals("id", id.field());
      var type =
          assertThrows(
              InvalidMessageException.class, () -> EventEncoder.event(null, bad, "x"), bad);
      assertEquals("type", type.field());
      assertThrows(InvalidMessageException.class, () -> EventEncoder.idOnly(bad), bad);
    }
  }

  @Test
  void encodesASliceOfBytesLikeTheirText() {
    byte[] around = "[[grün\r\n☃]]".getBytes(UTF_8);
    assertArrayEquals(
        EventEncoder.event("1", "t", "grün\r\n☃"),
        EventEncoder.event("1", "t", around, 2, around.length - 4));
  }

  @Test
  void aBrowserGetsBackWhatWasPublished() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      var stream = new ByteArrayOutputStream();
      var expected = new ArrayList<EventStreamParser.Event>();
      String last = "";
      for (int n = random.nextInt(6); n >= 0; n--) {
        String id = random.nextInt(3) == 0 ? null : "i" + random.nextInt(1000);
        String type = random.nextInt(3) == 0 ? null : "t" + text(random, "aä ☃:", 5);
        String data = text(random, "ab:\r\n\n\r\0 ä☃😀\uFEFF\u2028", random.nextInt(40));
        stream.writeBytes(EventEncoder.event(id, type, data));
        last = id == null ? last : id;
        expected.add(
            new EventStreamParser.Event(
                type == null ? "message" : type, data.replaceAll("\r\n|\r", "\n"), last));
        if (random.nextInt(4) == 0) {
          stream.writeBytes(EventEncoder.comment(text(random, "ab\r\nä", 10)));
        }
        if (random.nextInt(4) == 0) {
          last = "only" + random.nextInt(100);
          stream.writeBytes(EventEncoder.idOnly(last));
        }
      }
      var parser = EventStreamParser.parse(stream.toByteArray());
      assertEquals(expected, parser.events, "seed " + seed);
      assertEquals(last, parser.lastEventId, "seed " + seed);
      assertEquals(List.of(), parser.unknown, "seed " + seed);
      assertFalse(stream.toString(UTF_8).contains("\r"), "seed " + seed);
    }
  }

  private static String text(Random random, String alphabet, int length) {
    int[] characters = alphabet.codePoints().toArray();
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }
}
