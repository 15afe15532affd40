package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * One shard as the hub thread has it: its reader, and a version that changes whenever positions of
 * before no longer mean the same. Only on the hub thread.
 */
final class Shard {
  final int number;
  final ShardReader reader;
  final Recent recent = new Recent();
  int version;

  Shard(int number, ShardReader reader) {
    this.number = number;
    this.reader = reader;
  }

  /** The node's position in it; 0 before the first attachment. */
  long position() {
    MessageId position = reader.position();
    return position == null ? 0 : position.sequence();
  }

  @Nullable Lineage lineage() {
    return reader.lineage();
  }
}
