package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What travels on a shard's channel. A line says what it is and whose:
 *
 * <pre>
 * b2 m EPOCH GENERATION MILLIS FIRST COUNT TOPICS LF, then
 *      TOPICS times: TOPIC PREDECESSOR LF
 *      COUNT times: KIND NUMBER-OF-TOPIC LENGTH RECEIPT LF payload
 * b2 p EPOCH GENERATION MILLIS HEAD LF
 * </pre>
 *
 * <p>Entries have the numbers from {@code FIRST} on. A topic's predecessor is that of its first
 * entry here; the others' is the one before in the same frame. So the head and the payload of an
 * entry do not depend on what is stored with it: the publisher's node makes them, and Redis only
 * strings them together.
 *
 * <p>Anybody who may publish on Redis may write to the channel, so everything is checked.
 */
sealed interface Frame {
  /** The kinds of entries. */
  byte MESSAGE = 'm';

  byte CLEAR = 'c';
  byte NO_RECEIPT = '-';

  /** The lifetime that numbers. */
  String epoch();

  /** The process that numbers. */
  String generation();

  /** What one script stored, ascending. */
  record Entries(String epoch, String generation, List<Entry> entries, int bytes)
      implements Frame {}

  /** How far the sequence was. */
  record Probe(MessageId head, long millis) implements Frame {
    @Override
    public String epoch() {
      return head.epoch();
    }

    @Override
    public String generation() {
      return head.generation();
    }
  }

  /**
   * What stands before an entry's payload. By hand: with concatenated strings the caller grew to
   * 8,000 inlined bytes, and a node that had just begun to publish spent 0.4 s compiling them.
   */
  static byte[] head(boolean message, int topic, int length, @Nullable String receipt) {
    byte[] end = receipt == null ? new byte[] {NO_RECEIPT} : receipt.getBytes(US_ASCII);
    int topicDigits = digits(topic);
    int lengthDigits = digits(length);
    byte[] head = new byte[5 + topicDigits + lengthDigits + end.length];
    head[0] = message ? MESSAGE : CLEAR;
    head[1] = ' ';
    int at = put(head, 2, topic, topicDigits);
    at = put(head, at, length, lengthDigits);
    System.arraycopy(end, 0, head, at, end.length);
    head[head.length - 1] = '\n';
    return head;
  }

  private static int digits(int number) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** The number and a space; returns the place behind. */
  private static int put(byte[] text, int from, int number, int digits) {
    int rest = number;
    for (int at = from + digits - 1; at >= from; at--) {
      text[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    text[from + digits] = ' ';
    return from + digits + 1;
  }

  /**
   * Reads a frame.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Frame parse(int shard, byte[] bytes) {
    var reader = new Reader(bytes);
    if (!reader.word().equals("b2")) {
      throw new IllegalArgumentException("a frame of another format");
    }
    String kind = reader.word();
    var start = new MessageId(reader.word(), reader.word(), shard, 0);
    long millis = reader.number();
    if (kind.equals("p")) {
      return new Probe(start.at(reader.number()), millis);
    }
    if (!kind.equals("m")) {
      throw new IllegalArgumentException("a frame of an unknown kind");
    }
    return new Entries(
        start.epoch(), start.generation(), entries(reader, start, millis), bytes.length);
  }

  private static List<Entry> entries(Reader reader, MessageId start, long millis) {
    long next = reader.number();
    int count = reader.count();
    String[] topics = new String[reader.count()];
    long[] last = new long[topics.length];
    for (int t = 0; t < topics.length; t++) {
      topics[t] = reader.word();
      last[t] = reader.number();
    }
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Entry.Kind kind = reader.kind();
      long t = reader.number();
      if (t >= topics.length) {
        throw new IllegalArgumentException("a frame that does not name its topic");
      }
      long length = reader.number();
      String receipt = reader.receipt();
      entries.add(
          new Entry(
              start.at(next),
              kind,
              topics[(int) t],
              last[(int) t],
              millis,
              reader.bytes(length),
              receipt));
      last[(int) t] = next++;
    }
    return entries;
  }

  /** Walks over the bytes; words end with a space or a line feed. */
  final class Reader {
    private final byte[] bytes;
    private int at;

    private Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    private String word() {
      int from = at;
      skipWord();
      return new String(bytes, from, at - 1 - from, US_ASCII);
    }

    private void skipWord() {
      int from = at;
      while (at < bytes.length && bytes[at] != ' ' && bytes[at] != '\n') {
        at++;
      }
      if (at == bytes.length || at == from) {
        throw new IllegalArgumentException("a frame that ends early");
      }
      at++;
    }

    /** Not negative, and below 10^18. */
    private long number() {
      int from = at;
      skipWord();
      if (at - 1 - from > 18) {
        throw new IllegalArgumentException("a number that is too long");
      }
      long number = 0;
      for (int i = from; i < at - 1; i++) {
        int digit = bytes[i] - '0';
        if (digit < 0 || digit > 9) {
          throw new IllegalArgumentException("no number");
        }
        number = 10 * number + digit;
      }
      return number;
    }

    private Entry.Kind kind() {
      int from = at;
      skipWord();
      if (at - from != 2 || (bytes[from] != MESSAGE && bytes[from] != CLEAR)) {
        throw new IllegalArgumentException("an entry of an unknown kind");
      }
      return bytes[from] == CLEAR ? Entry.Kind.CLEAR : Entry.Kind.MESSAGE;
    }

    private @Nullable String receipt() {
      if (at + 1 < bytes.length && bytes[at] == NO_RECEIPT && bytes[at + 1] == '\n') {
        at += 2;
        return null;
      }
      return word();
    }

    /** Of things of which each takes more than a byte. */
    private int count() {
      long count = number();
      if (count < 1 || count > bytes.length) {
        throw new IllegalArgumentException("a frame with an impossible count");
      }
      return (int) count;
    }

    private byte[] bytes(long length) {
      if (length > bytes.length - at) {
        throw new IllegalArgumentException("a frame that ends early");
      }
      at += (int) length;
      return Arrays.copyOfRange(bytes, at - (int) length, at);
    }
  }
}
