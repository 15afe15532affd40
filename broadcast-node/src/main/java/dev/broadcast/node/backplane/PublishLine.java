package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RedisPublisher} publishes through. An interface, so that a simulation can be in
 * Redis' place: what becomes of a publish whose answer is lost is decided there.
 */
interface PublishLine {
  /** What is known of the shard, or null while it is not attached to. */
  @Nullable ShardState state();

  boolean canCommand();

  void command(RedisScript script, byte[][] keys, byte[][] arguments, RedisLink.Answer answer);

  /** As {@link RedisLink#awaitReplicas}. */
  void awaitReplicas(int replicas, long within, Consumer<@Nullable Long> answer);

  /** Gives the connection up. */
  void cut(String reason);

  /** The shard is another one than was known. */
  void attach();

  void later(Duration delay, Runnable step);

  long nanoTime();

  ServerClock clock();
}
