package dev.broadcast.node.hub;

import java.util.StringJoiner;

/**
 * Writes the cursors of one selection on one loop: a position, or a message's id with the positions
 * of the stream's other shards. Only on its loop.
 */
final class Cursors {
  private final Loop loop;
  private final Selection selection;

  Cursors(Loop loop, Selection selection) {
    this.loop = loop;
    this.selection = selection;
  }

  /** How far the loop is, one a shard. */
  long[] head() {
    long[] at = new long[selection.shards().size()];
    for (int i = 0; i < at.length; i++) {
      at[i] = loop.position(selection.shards().get(i));
    }
    return at;
  }

  /** How far the loop is, but for one shard. */
  long[] headBut(int shard, long sequence) {
    long[] at = head();
    at[selection.indexOf(shard)] = sequence;
    return at;
  }

  /** A place, as clients send it back. */
  String at(long[] positions) {
    StringJoiner cursor = new StringJoiner("~");
    for (int i = 0; i < positions.length; i++) {
      cursor.add(loop.idAt(selection.shards().get(i), positions[i]));
    }
    return cursor.toString();
  }

  /** The event with its cursor: the bare id, or over several shards what else was served. */
  byte[] encode(Event event, long[] positions) {
    if (!selection.overSeveralShards()) {
      return selection.format() == Format.HTML
          ? loop.hub().html().encode(event, event.id())
          : event.encoded(selection.format());
    }
    int shard = event.shard();
    StringJoiner cursor = new StringJoiner("~");
    cursor.add(event.id());
    for (int i = 0; i < positions.length; i++) {
      int other = selection.shards().get(i);
      if (other != shard) {
        cursor.add(loop.idAt(other, positions[i]));
      }
    }
    return selection.format() == Format.HTML
        ? loop.hub().html().encode(event, cursor.toString())
        : event.encode(cursor.toString(), selection.format());
  }

  /** A measure of how much a cursor names: it grows with each of its positions. */
  static long sum(long[] positions) {
    long sum = 0;
    for (long position : positions) {
      sum += position;
    }
    return sum;
  }
}
