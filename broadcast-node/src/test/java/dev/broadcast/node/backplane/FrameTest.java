package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.payloads;
import static dev.broadcast.node.backplane.TestNode.sequences;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes on a shard's channel. */
class FrameTest {
  private static Frame parse(String text) {
    return Frame.parse(3, text.getBytes(US_ASCII));
  }

  private static String head(boolean message, int topic, int length, String receipt) {
    return new String(Frame.head(message, topic, length, receipt), US_ASCII);
  }

  @Test
  void entriesTakeTheirNumbersAndPredecessorsFromTheirPlace() {
    String body =
        head(true, 1, 5, "inc.7") + "a\nb c" + head(false, 0, 0, null) + head(true, 1, 0, null);

    var frame =
        assertInstanceOf(
            Frame.Entries.class, parse("b2 m ep ge 1700 41 3 2\nt/0 12\nt/1 39\n" + body));

    List<Entry> entries = frame.entries();
    assertEquals(List.of(41L, 42L, 43L), sequences(entries));
    assertEquals(List.of(39L, 12L, 41L), entries.stream().map(Entry::predecessor).toList());
    assertEquals(List.of("t/1", "t/0", "t/1"), entries.stream().map(Entry::topic).toList());
    assertEquals(List.of("a\nb c", "", ""), payloads(entries));
    assertEquals(
        List.of(Entry.Kind.MESSAGE, Entry.Kind.CLEAR, Entry.Kind.MESSAGE),
        entries.stream().map(Entry::kind).toList());
    assertEquals(new MessageId("ep", "ge", 3, 42), entries.get(1).id());
    assertEquals(1_700, entries.get(2).timestamp());
    assertEquals("inc.7", entries.get(0).receipt());
    assertNull(entries.get(1).receipt());
  }

  @Test
  void aHeadNamesKindTopicLengthAndReceipt() {
    assertEquals("m 0 0 -\n", head(true, 0, 0, null));
    assertEquals("m 255 1048576 abc.1\n", head(true, 255, 1_048_576, "abc.1"));
    assertEquals("c 10 0 -\n", head(false, 10, 0, null));
  }

  @Test
  void aProbeNamesTheHead() {
    assertEquals(
        new Frame.Probe(new MessageId("ep", "ge", 3, 99), 1_700), parse("b2 p ep ge 1700 99\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "b2",
        "b1 p ep ge 1700 99\n",
        "b2 x ep ge 1700 99\n",
        "b2 p ep ge 1700 -1\n",
        "b2 p ep ge 1700 99",
        "b2 p EP ge 1700 99\n",
        "b2 p ep ge 1700 9999999999999999999\n",
        "b2 m ep ge 1700 1 0 1\nt 0\n",
        "b2 m ep ge 1700 1 99999999 1\nt 0\nm 0 1 -\nx",
        "b2 m ep ge 1700 1 1 99999999\nt 0\nm 0 1 -\nx",
        "b2 m ep ge 1700 1 1 1\nt 0\nm 1 1 -\nx",
        "b2 m ep ge 1700 1 1 1\nt 0\nm -1 1 -\nx",
        "b2 m ep ge 1700 1 1 1\nt 0\nx 0 1 -\nx",
        "b2 m ep ge 1700 1 1 1\nt 0\nm 0 2 -\nx",
        "b2 m ep ge 1700 1 1 1\nt 0\nm 0 -2 -\nx",
        "b2 m ep ge 1700 1 2 1\nt 0\nm 0 1 -\nx",
      })
  void whatIsNoneIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> parse(text));
  }
}
