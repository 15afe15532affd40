package dev.broadcast.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventStreamReaderTest {

  private static List<String> read(String stream, int step) throws IOException {
    List<String> told = new ArrayList<>();
    EventStreamReader reader =
        new EventStreamReader(
            new EventStreamReader.Sink() {
              @Override
              public void event(String type, String data, String id) {
                told.add(type + "|" + data + "|" + id);
              }

              @Override
              public void idOnly(String id) {
                told.add("id " + id);
              }

              @Override
              public void retry(long millis) {
                told.add("retry " + millis);
              }
            },
            4096);
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i += step) {
      reader.feed(ByteBuffer.wrap(bytes, i, Math.min(step, bytes.length - i)));
    }
    return told;
  }

  private static void expect(String stream, String... told) throws IOException {
    for (int step : new int[] {1, 2, 3, 7, 4096}) {
      assertEquals(List.of(told), read(stream, step), "in steps of " + step);
    }
  }

  @Test
  void readsWhatTheStandardSays() throws IOException {
    expect("data: a\n\n", "message|a|");
    expect("\uFEFFdata:a\r\rdata:  b\r\n\r\n", "message|a|", "message| b|");
    expect("event: x\nid: 1\ndata: é\ndata\ndata:\n\n", "x|é\n\n|1");
    expect(": comment\n\nid: 1\n\ndata: a\n\nid\ndata: b\n\n", "id 1", "message|a|1", "message|b|");
    expect("id: a\0b\ndata: a\n\n", "message|a|");
    expect("retry: 10\n\nretry: 1x\nretry:\nretry: 99999999999\n\n", "retry 10");
    expect("event: lost\n\ndata: a\n\ndata: unfinished", "message|a|");
    expect("data:\n\n", "message||");
  }

  @Test
  void refusesAnEventThatWouldFillTheMemory() {
    assertThrows(IOException.class, () -> read("data: " + "x".repeat(5000) + "\n\n", 100));
    assertThrows(IOException.class, () -> read("data: 0123456789\n".repeat(500), 100));
  }
}
