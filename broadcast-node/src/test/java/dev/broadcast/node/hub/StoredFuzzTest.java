package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cursors come from strangers, payloads from a Redis that others may write to, too. */
class StoredFuzzTest {
  private static final int RUNS = 30_000;

  @Test
  void aCursorIsReadAsItWasWrittenOrNotAtAll() {
    Fuzz.run(
        3_000_000,
        RUNS,
        Fuzz.samples("ep.ge.0.17", "ep.ge.0.17~ep.ge.1.5!abc", "a.b.255.999999999999999999", "0"),
        bytes -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          Cursor.parse(text)
              .ifPresent(cursor -> assertTrue(cursor.toString().equals(text), cursor.toString()));
        });
  }

  @Test
  void aPayloadIsReadOrRefused() {
    Message message =
        new Message(
            "t",
            "update",
            Data.json("{\"a\":[1,\"b\"]}"),
            List.of("x", "y"),
            "{\"m\":1}",
            List.of("c"),
            List.of("d"));
    List<byte[]> samples =
        List.of(
            Payload.encode(message),
            Payload.encode(
                new Message("t", null, Data.text("a\nb"), List.of(), null, List.of(), List.of())),
            "J{\"type\":\"a\",\"later\":{\"x\":[]}}\n1".getBytes(StandardCharsets.UTF_8));
    Fuzz.run(
        4_000_000,
        RUNS,
        samples,
        bytes -> {
          try {
            Payload payload = Payload.decode(bytes);
            assertTrue(payload.dataOffset() <= bytes.length);
            String type = payload.type();
            assertTrue(type == null || type.chars().noneMatch(c -> c == '\n' || c == '\r'), type);
          } catch (IllegalArgumentException e) {
            // As it promises.
          }
        });
  }
}
