package dev.broadcast.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Feeds a parser with what it knows, broken in ways that a seed decides. A failure names the seed
 * and the input, and the same seed gives the same inputs; {@code -Dbroadcast.fuzz=N} runs more.
 */
public final class Fuzz {
  private static final int LONGEST = 4096;
  private static final String[] SPICE = {
    "\0",
    "\n",
    "\r\n",
    "%",
    "%00",
    "%ff",
    "\"",
    "\\",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "-1",
    "1e999",
    "9223372036854775808",
    "99999999999999999999",
    " ",
    "\t",
    "\u00e9",
    "\uD83D\uDE80",
    "\uFEFF",
    "~",
    "!",
    ".",
    "..",
    "=",
    "&",
    "+",
    "*",
    ";",
    "a"
  };

  private Fuzz() {}

  /** Runs a parser; whatever it throws beyond what it may is its fault. */
  public static void run(long seed, int runs, List<byte[]> samples, Consumer<byte[]> parser) {
    int all = Math.max(runs, Integer.getInteger("broadcast.fuzz", 0));
    for (long number = seed; number < seed + all; number++) {
      byte[] input = input(number, samples);
      try {
        parser.accept(input);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "seed " + number + ": " + new String(input, StandardCharsets.ISO_8859_1), e);
      }
    }
  }

  /** The samples as bytes. */
  public static List<byte[]> samples(String... texts) {
    return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private static byte[] input(long seed, List<byte[]> samples) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    byte[] input = samples.get(random.nextInt(samples.size())).clone();
    for (int steps = random.nextInt(6); steps > 0; steps--) {
      input = broken(random, input, samples);
    }
    return input;
  }

  private static byte[] broken(Random random, byte[] input, List<byte[]> samples) {
    int at = random.nextInt(input.length + 1);
    int end = at + random.nextInt(input.length - at + 1);
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(input, at);
      case 1 -> joined(input, 0, at, new byte[0], input, end);
      case 2 -> {
        byte[] spice = SPICE[random.nextInt(SPICE.length)].getBytes(StandardCharsets.UTF_8);
        yield joined(input, 0, at, spice, input, at);
      }
      case 3 -> joined(input, 0, end, new byte[0], input, at);
      case 4 -> {
        byte[] other = samples.get(random.nextInt(samples.size()));
        yield joined(input, 0, at, new byte[0], other, random.nextInt(other.length + 1));
      }
      case 5 -> {
        byte[] many = new byte[random.nextInt(600)];
        Arrays.fill(many, (byte) "[{\"a0%. ~".charAt(random.nextInt(9)));
        yield joined(input, 0, at, many, input, at);
      }
      default -> {
        byte[] flipped = input.clone();
        if (at < flipped.length) {
          flipped[at] = (byte) random.nextInt(256);
        }
        yield flipped;
      }
    };
  }

  private static byte[] joined(
      byte[] head, int from, int to, byte[] middle, byte[] tail, int tailFrom) {
    byte[] all = new byte[Math.min(LONGEST, to - from + middle.length + tail.length - tailFrom)];
    int at = copy(head, from, to, all, 0);
    at = copy(middle, 0, middle.length, all, at);
    var unused = copy(tail, tailFrom, tail.length, all, at);
    return all;
  }

  private static int copy(byte[] source, int from, int to, byte[] target, int at) {
    int length = Math.min(to - from, target.length - at);
    System.arraycopy(source, from, target, at, length);
    return at + length;
  }
}
