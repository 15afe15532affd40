package dev.broadcast.node.hub;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the hub thread tells a loop; handled in the order told. */
sealed interface Notice {
  /**
   * Messages of one shard, and how far that is.
   *
   * @param tally where to count those that somebody wants a receipt for, or null
   */
  record Delivery(int shard, List<Event> events, long upTo, @Nullable Tally tally)
      implements Notice {}

  /** A connection's next page. */
  record PageReady(Connection connection, int token, Page page) implements Notice {}

  /** A connection's next page waits for the backplane. */
  record Waiting(Connection connection) implements Notice {}

  /** Whether a shard is attached: what is published arrives. */
  record Attached(int shard, boolean attached) implements Notice {}

  /** A message that nobody has any more: whoever is live misses it. */
  record Lost(int shard, long sequence, Reset reset) implements Notice {}

  /**
   * A shard's position changed otherwise than by deliveries.
   *
   * @param touched with {@link Kind#REWOUND}: the topics of what is undone, if known
   */
  record ShardMoved(
      int shard,
      Kind kind,
      Lineage lineage,
      long position,
      int version,
      Optional<Set<String>> touched)
      implements Notice {
    enum Kind {
      STARTED,
      JUMPED,
      REWOUND,
      NEW_EPOCH,
      NEW_GENERATION
    }
  }
}
