package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors come back from anybody: what was written is read, and nothing else is. */
class CursorTest {
  private static final int SEEDS = 20_000;
  private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final String NOISE = TOKEN + "ABZ.~!-_ \r\n\0%é\u2028😀";

  @Test
  void whatIsWrittenIsReadAgain() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Cursor cursor = random(new SplittableRandom(seed));
      assertEquals(Optional.of(cursor), Cursor.parse(cursor.toString()), "seed " + seed);
    }
  }

  @Test
  void isShortAsciiThatCanStandInAHeaderAndALineOfAStream() {
    for (int seed = 0; seed < SEEDS; seed++) {
      String text = random(new SplittableRandom(seed)).toString();
      assertTrue(StandardCharsets.US_ASCII.newEncoder().canEncode(text), "seed " + seed);
      assertTrue(text.chars().allMatch(c -> c > 0x20 && c < 0x7f), "seed " + seed);
      assertTrue(text.length() <= Cursor.MAX_LENGTH, "seed " + seed);
    }
  }

  @Test
  void readsNothingButWhatItWouldWrite() {
    int read = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String text = damaged(random(random).toString(), random);
      Optional<Cursor> cursor = Cursor.parse(text);
      if (cursor.isPresent()) {
        read++;
        assertEquals(text, cursor.get().toString(), "seed " + seed);
      }
    }
    assertTrue(read > 0 && read < SEEDS, "some damage makes another cursor, most makes none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "~",
        "!",
        "e.g.0.1~",
        "~e.g.0.1",
        "e.g.0.1!A",
        "e.g.0.1!a!b",
        "e.g.0.1~e.g.0.2",
        "e.g.00.1",
        "e.g.0.01",
        "e.g.0.-1",
        "e.g.0.9999999999999999999",
        "e.g.0",
        "e.g.0.1.2",
        " e.g.0.1",
        "e.g.0.1\n"
      })
  void refuses(String text) {
    assertEquals(Optional.empty(), Cursor.parse(text));
  }

  private static Cursor random(SplittableRandom random) {
    List<MessageId> positions = new ArrayList<>();
    int shards = 1 + random.nextInt(random.nextInt(8) == 0 ? 20 : 3);
    for (int shard = 0; shard < shards; shard++) {
      positions.add(
          new MessageId(token(random, 8), token(random, 5), shard, random.nextLong(1L << 50)));
    }
    return new Cursor(positions, random.nextBoolean() ? token(random, 16) : null);
  }

  private static String token(SplittableRandom random, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(TOKEN.charAt(random.nextInt(TOKEN.length())));
    }
    return out.toString();
  }

  private static String damaged(String text, SplittableRandom random) {
    StringBuilder out = new StringBuilder(text);
    for (int n = 1 + random.nextInt(3); n > 0 && out.length() > 0; n--) {
      int at = random.nextInt(out.length());
      char c = NOISE.charAt(random.nextInt(NOISE.length()));
      switch (random.nextInt(3)) {
        case 0 -> out.deleteCharAt(at);
        case 1 -> out.insert(at, c);
        default -> out.setCharAt(at, c);
      }
    }
    return out.toString();
  }
}
