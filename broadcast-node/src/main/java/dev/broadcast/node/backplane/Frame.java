package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What travels on a shard's channel. A line says what it is and whose:
 *
 * <pre>
 * b1 m EPOCH GENERATION MILLIS COUNT LF, then COUNT times:
 *      SEQUENCE PREDECESSOR KIND LENGTH TOPIC RECEIPT LF payload
 * b1 p EPOCH GENERATION MILLIS HEAD LF
 * </pre>
 *
 * <p>Anybody who may publish on Redis may write to the channel, so everything is checked.
 */
sealed interface Frame {
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
   * Reads a frame.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Frame parse(int shard, byte[] bytes) {
    var reader = new Reader(bytes);
    if (!reader.word().equals("b1")) {
      throw new IllegalArgumentException("a frame of another format");
    }
    String kind = reader.word();
    var start = new MessageId(reader.word(), reader.word(), shard, 0);
    long millis = reader.number();
    long number = reader.number();
    if (kind.equals("p")) {
      return new Probe(start.at(number), millis);
    }
    if (!kind.equals("m") || number < 1 || number > bytes.length) {
      throw new IllegalArgumentException("a frame of an unknown kind or size");
    }
    List<Entry> entries = new ArrayList<>((int) number);
    for (long i = 0; i < number; i++) {
      entries.add(entry(reader, start, millis));
      if (i > 0 && entries.get((int) i).sequence() != entries.get((int) i - 1).sequence() + 1) {
        throw new IllegalArgumentException("a frame with a hole");
      }
    }
    return new Entries(start.epoch(), start.generation(), entries, bytes.length);
  }

  private static Entry entry(Reader reader, MessageId start, long millis) {
    MessageId id = start.at(reader.number());
    long predecessor = reader.number();
    String kind = reader.word();
    long length = reader.number();
    String topic = reader.word();
    String receipt = reader.word();
    return new Entry(
        id,
        kind.equals("c") ? Entry.Kind.CLEAR : Entry.Kind.MESSAGE,
        topic,
        predecessor,
        millis,
        reader.bytes(length),
        receipt.equals("-") ? null : receipt);
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
      while (at < bytes.length && bytes[at] != ' ' && bytes[at] != '\n') {
        at++;
      }
      if (at == bytes.length || at == from) {
        throw new IllegalArgumentException("a frame that ends early");
      }
      return new String(bytes, from, at++ - from, US_ASCII);
    }

    private long number() {
      return Long.parseLong(word());
    }

    private byte[] bytes(long length) {
      if (length < 0 || length > bytes.length - at) {
        throw new IllegalArgumentException("a frame that ends early");
      }
      at += (int) length;
      return Arrays.copyOfRange(bytes, at - (int) length, at);
    }
  }
}
