package dev.broadcast.node.backplane;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Carries messages between nodes and keeps their history, shard by shard. Methods may be called
 * from any thread; futures complete, and {@link Feed} is called, on the hub executor the
 * implementation was given. A read that the backplane cannot answer (gone, too slow) completes with
 * {@link BackplaneException}; a publish never completes exceptionally.
 *
 * <p>Promise: a publish that completed as {@link PublishOutcome.Stored} has a number, is in its
 * topic's history, and is on its way to every attached node; whoever misses it reads it from there.
 * Numbers have no holes, and every entry names its topic's previous one.
 */
public interface Backplane {
  /** How many shards there are; a topic's shard never changes while this is the same. */
  int shards();

  /** On which shard the topic lies, from 0. */
  int shardOf(String topic);

  /**
   * Begins to attach, and keeps attaching for as long as it is not closed. Completes at the first
   * decision: {@code true} when every shard is attached, {@code false} when the backplane cannot be
   * reached now (it goes on trying); exceptionally, with a message for the operator, when this node
   * must not run here (another format, another number of shards).
   */
  CompletableFuture<Boolean> start(Feed feed);

  /** Publishes; answers within the publish deadline (2 s) whatever happens to the backplane. */
  CompletableFuture<PublishOutcome> publish(Publication publication);

  /**
   * Clears a topic's history: an entry of its own, after which cursors before the topic's last
   * message are not honoured.
   */
  CompletableFuture<PublishOutcome> clear(String topic);

  /**
   * Reads, from the master, what came after {@code after} in topics of one shard.
   *
   * @param epoch the epoch that {@code after} belongs to; of another one nothing is read
   * @param topics all of this shard
   * @param after only entries with greater numbers; 0 for the oldest kept
   * @param limit the most entries a topic, from 1
   */
  CompletableFuture<HistoryRead> read(
      int shard, String epoch, List<String> topics, long after, int limit);

  /** Reads the last {@code limit} entries of one topic in its current epoch. */
  CompletableFuture<HistoryRead> readLast(String topic, int limit);

  /** Reads what the shard's sequence holds after {@code after}, at most {@code limit} numbers. */
  CompletableFuture<Missed> readMissed(int shard, String epoch, long after, int limit);

  /**
   * How many messages each topic keeps, in the order of the topics; those that are too old but not
   * trimmed yet may be among them.
   */
  CompletableFuture<List<Long>> kept(List<String> topics);

  /** Reads the shard's state from the master now. */
  CompletableFuture<ShardState> state(int shard);

  /**
   * The node saw an epoch or a generation it does not know: read the state again and tell {@link
   * Feed#attached}. Many calls in a row are one.
   */
  void reattach(int shard);

  /** Whether every shard is attached and the last probe came back in time; for readiness. */
  Health health();

  /** What it counted and measured; any thread. */
  Figures figures();

  /** Lets go of everything; futures still open complete exceptionally or as not stored/unknown. */
  CompletableFuture<Void> close();

  /**
   * How the backplane is, for people and for readiness.
   *
   * @param ready whether messages flow
   * @param detail one line, without secrets
   */
  record Health(boolean ready, String detail) {}

  /**
   * Figures for operators, since the start.
   *
   * @param idempotencyKeysDroppedEarly forgotten before their time, since there were too many
   * @param malformedFrames on our channels, that nobody of us wrote
   * @param roundTripNanos of the last probe; negative where there is none
   */
  record Figures(long idempotencyKeysDroppedEarly, long malformedFrames, long roundTripNanos) {}
}
