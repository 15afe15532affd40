package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the backplane keeps of a message, and what somebody else may have written in its place. */
class PayloadTest {
  private static final int SEEDS = 10_000;

  @Test
  void keepsEveryFieldOfAMessage() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Message message = random(new SplittableRandom(seed));
      Payload payload = Payload.decode(Payload.encode(message));
      String at = "seed " + seed;
      assertEquals(message.type(), payload.type(), at);
      assertEquals(message.data() instanceof Data.Json, payload.json(), at);
      assertArrayEquals(
          message.data().content().getBytes(StandardCharsets.UTF_8),
          Arrays.copyOfRange(payload.bytes(), payload.dataOffset(), payload.bytes().length),
          at);
      assertEquals(message.targetIds(), payload.targetIds(), at);
      assertEquals(message.metadata(), payload.metadata(), at);
      assertEquals(message.exclude(), payload.exclude(), at);
      assertEquals(message.to(), payload.to(), at);
    }
  }

  @Test
  void damageIsRefusedOrReadButNeverAnythingElse() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = Payload.encode(random(random));
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        Payload.decode(bytes);
      } catch (IllegalArgumentException refused) {
        // What it is for.
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "T",
        "T{}",
        "X{}\nhi",
        "T[]\nhi",
        "T{\nhi",
        "T{\"type\":1}\nhi",
        "T{\"type\":\"a\\nb\"}\nhi",
        "T{\"type\":\"connected\"}\nhi",
        "T{\"to\":\"a\"}\nhi",
        "T{\"to\":[1]}\nhi",
        "T{\"metadata\":[1]}\nhi",
        "T{} x\nhi"
      })
  void refusesWhatNoNodeWrites(String foreign) {
    assertThrows(
        IllegalArgumentException.class,
        () -> Payload.decode(foreign.getBytes(StandardCharsets.UTF_8)));
  }

  private static Message random(SplittableRandom random) {
    return new Message(
        "t",
        random.nextBoolean() ? null : text(random, 1).replaceAll("[\r\n\0]", "x"),
        random.nextBoolean() ? Data.text(text(random, 0)) : Data.json("{\"a\":[1.10,null]}"),
        ids(random),
        random.nextBoolean() ? null : "{\"k\":{\"v\":1}}",
        ids(random),
        ids(random));
  }

  private static List<String> ids(SplittableRandom random) {
    List<String> ids = new ArrayList<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      ids.add("id-" + n + text(random, 0).replaceAll("[\r\n\0]", ""));
    }
    return ids;
  }

  private static String text(SplittableRandom random, int least) {
    String alphabet = "ab \"\\{}[]:,\r\n\0\t/é\u2028😀";
    int[] points = alphabet.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    for (int n = least + random.nextInt(12); n > 0; n--) {
      out.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return out.toString();
  }
}
