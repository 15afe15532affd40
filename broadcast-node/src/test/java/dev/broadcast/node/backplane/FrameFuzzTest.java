package dev.broadcast.node.backplane;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Anybody who reaches Redis can publish on a shard's channel: it is a frame, or none. */
class FrameFuzzTest {
  @Test
  void aFrameIsReadOrRefused() {
    Fuzz.run(
        5_000_000,
        60_000,
        Fuzz.samples(
            "b2 m ep ge 1700 41 3 2\nt/0 12\nt/1 39\nm 1 5 inc.7\na\nb cc 0 0 -\nm 1 0 -\n",
            "b2 m ep ge 1700 1 1 1\nt 0\nm 0 5 -\nT{}\nx",
            "b2 p ep ge 1700 99\n"),
        bytes -> {
          try {
            if (Frame.parse(0, bytes) instanceof Frame.Entries entries) {
              int payloads = entries.entries().stream().mapToInt(e -> e.payload().length).sum();
              assertTrue(payloads <= bytes.length);
            }
          } catch (IllegalArgumentException e) {
            // As it promises.
          }
        });
  }

  @Test
  void aMessageIdIsReadAsItWasWrittenOrNotAtAll() {
    Fuzz.run(
        6_000_000,
        30_000,
        Fuzz.samples("ep.ge.0.17", "a1b2c3.zz.999.999999999999999999"),
        bytes -> {
          String text = new String(bytes, StandardCharsets.ISO_8859_1);
          MessageId.parse(text).ifPresent(id -> assertTrue(id.toString().equals(text)));
        });
  }
}
