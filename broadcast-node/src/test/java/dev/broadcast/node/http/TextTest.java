package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void theCharacterThatStandsForWhatIsMalformedMayBeSentItself() {
    byte[] bytes = "_a\uFFFDé😀_".getBytes(StandardCharsets.UTF_8);

    assertEquals("a\uFFFDé😀", Text.utf8(bytes, 1, bytes.length - 2));
  }

  @Test
  void malformedBytesAreRefused() {
    byte[][] malformed = {
      {'a', (byte) 0xff}, {(byte) 0xc3}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}
    };
    for (byte[] bytes : malformed) {
      assertThrows(Refusal.class, () -> Text.utf8(bytes, 0, bytes.length));
    }
  }
}
