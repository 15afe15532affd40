package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonBytesTest {
  @Test
  void growsAndKeepsWhatStandsThere() {
    JsonBytes json = new JsonBytes(2);
    for (int i = 0; i < 100; i++) {
      json.ascii("12").raw(new byte[] {'3'});
    }

    assertEquals("123".repeat(100), text(json));
  }

  @Test
  void stringsAreEscapedAndKeepTheirCharacters() {
    JsonBytes json = new JsonBytes(1).string("a\"b\\c\té€😀\u0001");

    assertEquals("\"a\\\"b\\\\c\\té€😀\\u0001\"", text(json));
  }

  private static String text(JsonBytes json) {
    return new String(json.toBytes(), StandardCharsets.UTF_8);
  }
}
