package dev.broadcast.loadtest.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseReaderTest {
  private final List<String> said = new ArrayList<>();
  private final SseReader reader = newReader();

  @Test
  void givesTheSameEventsHoweverTheyAreCut() {
    String stream =
        String.join(
            "\n\n",
            "\ufeff: hello",
            "retry: 100\nid: 1\nevent: connected\ndata: {\"a\":1}",
            "data: one\rdata: two\r\ndata\ndata:  three",
            "id: 2\ndata: ü",
            "id: 3",
            "event: nothing",
            "data:",
            "unknown: field\ndata: last\r\n\r\ndata: cut off");
    List<String> expected =
        List.of(
            "comment",
            "connected|{\"a\":1}",
            "message|one\ntwo\n\n three",
            "message|ü",
            "message|",
            "message|last");
    for (int size = 1; size <= stream.length(); size++) {
      said.clear();
      SseReader fresh = newReader();

      feed(fresh, stream, size);

      assertEquals(expected, said, "cut every " + size + " bytes");
      assertEquals("3", fresh.lastEventId());
    }
  }

  @Test
  void anIdCountsOnceItsEventIsWhole() {
    feed(reader, "id: 1\ndata: a\n\nid: 2\ndata: b\n", 100);
    assertEquals("1", reader.lastEventId());

    feed(reader, "\n", 1);
    assertEquals("2", reader.lastEventId());
  }

  private SseReader newReader() {
    return new SseReader(
        new SseReader.Listener() {
          @Override
          public void event(String type, byte[] data, int length) {
            said.add(type + "|" + new String(data, 0, length, UTF_8));
          }

          @Override
          public void comment() {
            said.add("comment");
          }
        });
  }

  private static void feed(SseReader to, String text, int size) {
    byte[] bytes = text.getBytes(UTF_8);
    for (int at = 0; at < bytes.length; at += size) {
      to.read(bytes, at, Math.min(bytes.length, at + size));
    }
  }
}
