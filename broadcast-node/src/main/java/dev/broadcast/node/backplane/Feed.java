package dev.broadcast.node.backplane;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backplane tells the node, shard by shard. Every method is called on the node's one hub
 * thread. Between {@link #attached} and {@link #detached} every entry arrives through {@link
 * #received} in order, or is missing (pub/sub forgets): whoever implements this finds the hole.
 */
public interface Feed {
  /**
   * The place up to which this node has read the shard, for the master to compare with; null before
   * the first {@link #attached}.
   */
  @Nullable MessageId position(int shard);

  /**
   * The shard's channel is subscribed and, after that, its state was read from the master. Called
   * again after every resubscription and whenever the backplane found the epoch or the generation
   * changed.
   */
  void attached(ShardState state);

  /** The channel or the master is lost; entries may go missing until {@link #attached}. */
  void detached(int shard, String reason);

  /** Entries of one script, ascending, of one epoch and generation. */
  void received(int shard, List<Entry> entries);

  /**
   * A probe came back on the shard's own channel: at the moment it was sent, {@code head} was the
   * last number given out.
   *
   * @param serverMillis the master's clock
   */
  void probed(int shard, MessageId head, long serverMillis);
}
