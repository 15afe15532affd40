package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.MessageId;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

  Shard(int number, Function<Shard, ShardReader> reader) {
    this.number = number;
    this.reader = reader.apply(this);
  }

  /** The node's position in it; 0 before the first attachment. */
  long position() {
    MessageId position = reader.position();
    return position == null ? 0 : position.sequence();
  }

  @Nullable Lineage lineage() {
    return reader.lineage();
  }

  /** What to tell loops of how it is now. */
  Notice.ShardMoved moved(
      Notice.ShardMoved.Kind kind, Lineage lineage, Optional<Set<String>> touched) {
    return new Notice.ShardMoved(number, kind, lineage, position(), version, touched);
  }
}
