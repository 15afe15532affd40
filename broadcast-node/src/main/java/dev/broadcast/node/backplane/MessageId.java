package dev.broadcast.node.backplane;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a message stands: the lifetime of the sequence that numbered it, within it the lifetime of
 * the Redis process that did, the shard, and the number. As text {@code
 * EPOCH.GENERATION.SHARD.SEQ}. Also used for a position between messages: everything up to and
 * including {@code sequence}.
 *
 * @param epoch 1-12 of {@code a-z 0-9}
 * @param generation 1-12 of {@code a-z 0-9}
 * @param shard from 0
 * @param sequence from 0, where 0 stands before the first message
 */
public record MessageId(String epoch, String generation, int shard, long sequence) {
  private static final Pattern TEXT =
      Pattern.compile(
          "([a-z0-9]{1,12})\\.([a-z0-9]{1,12})\\.(0|[1-9][0-9]{0,2})\\.(0|[1-9][0-9]{0,17})");

  public MessageId {
    if (!isToken(epoch)) {
      throw new IllegalArgumentException("epoch: 1 to 12 of a-z 0-9 expected, not " + epoch);
    }
    if (!isToken(generation)) {
      throw new IllegalArgumentException(
          "generation: 1 to 12 of a-z 0-9 expected, not " + generation);
    }
    if (shard < 0 || sequence < 0) {
      throw new IllegalArgumentException("shard and sequence must not be negative");
    }
  }

  /** Reads what {@link #toString} writes; empty for anything else. */
  public static Optional<MessageId> parse(CharSequence text) {
    var m = TEXT.matcher(text);
    return m.matches()
        ? Optional.of(
            new MessageId(
                m.group(1), m.group(2), Integer.parseInt(m.group(3)), Long.parseLong(m.group(4))))
        : Optional.empty();
  }

  /** The same lifetime and shard at another number. */
  public MessageId at(long otherSequence) {
    return new MessageId(epoch, generation, shard, otherSequence);
  }

  /** By hand: one is made for every entry, and a pattern costs more than all the rest of it. */
  private static boolean isToken(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
        return false;
      }
    }
    return length >= 1 && length <= 12;
  }

  /** By hand: it is written for every event and every answer, and is inlined into both. */
  @Override
  @SuppressWarnings("deprecation") // getBytes drops high bytes; a token has none
  public String toString() {
    int first = epoch.length();
    int second = first + 1 + generation.length();
    int third = second + 1 + digits(shard);
    byte[] text = new byte[third + 1 + digits(sequence)];
    epoch.getBytes(0, first, text, 0);
    text[first] = '.';
    generation.getBytes(0, generation.length(), text, first + 1);
    text[second] = '.';
    put(text, third, shard);
    text[third] = '.';
    put(text, text.length, sequence);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static int digits(long number) {
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** A number that ends before {@code end}. */
  private static void put(byte[] text, int end, long number) {
    int at = end;
    long rest = number;
    do {
      text[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
  }
}
