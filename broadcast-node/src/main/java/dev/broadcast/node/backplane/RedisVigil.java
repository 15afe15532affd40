package dev.broadcast.node.backplane;

import dev.broadcast.node.backplane.Backplane.Health;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over all shards: the first decision of the start, the health that readiness follows from,
 * and one line for the operator when Redis goes and when it is back. Only on the hub thread unless
 * said otherwise.
 */
final class RedisVigil implements RedisLink.User {
  private static final Logger LOG = LoggerFactory.getLogger(RedisVigil.class);

  private static final Health CLOSED = new Health(false, "closed");

  private final List<RedisShard> shards;
  private final CompletableFuture<Boolean> started = new CompletableFuture<>();
  private volatile Health health = new Health(false, "not started");
  private volatile boolean closed;
  private Reported reported = Reported.NOTHING;

  /** What the operator was told since all shards were last attached to. */
  private enum Reported {
    NOTHING,
    LOST,
    /** Goes beyond {@link #LOST}: Redis is reached, and coming back to it again will not help. */
    REFUSED
  }

  RedisVigil(List<RedisShard> shards) {
    this.shards = shards;
  }

  /** From any thread. */
  CompletableFuture<Boolean> started() {
    return started;
  }

  /** From any thread. */
  Health health() {
    return closed ? CLOSED : health;
  }

  /** From any thread. */
  boolean isClosed() {
    return closed;
  }

  /** From any thread. */
  void close() {
    closed = true;
  }

  void judge(long now) {
    Health judged = new Health(true, "attached to Redis");
    for (int i = 0; i < shards.size() && judged.ready(); i++) {
      RedisAttachment attachment = shards.get(i).attachment;
      if (!attachment.ready(now)) {
        judged = new Health(false, "shard " + i + ": " + attachment.detail());
      }
    }
    health = judged;
  }

  @Override
  public void commandsUp() {
    // Good news once every shard is attached.
  }

  @Override
  public void commandsDown(String reason) {
    lost(reason);
  }

  @Override
  public void subscribed() {
    // Good news once every shard is attached.
  }

  @Override
  public void unsubscribed(String reason) {
    lost(reason);
  }

  @Override
  public void failed(String reason) {
    lost(reason);
    started.complete(false);
  }

  /** A shard's feed was told its state for the first time since the channel was lost. */
  void ready() {
    long now = System.nanoTime();
    judge(now);
    if (shards.stream().allMatch(each -> each.attachment.ready(now))) {
      reported = Reported.NOTHING;
      LOG.info("attached to Redis, shards: {}", shards.size());
      started.complete(true);
    }
  }

  /** A shard could not be attached to. */
  void failed(int shard, String reason) {
    lost("shard " + shard + ": " + reason);
    started.complete(false);
  }

  @Override
  public void mistaken(String reason) {
    refused(reason);
  }

  /**
   * This node must not run here; one that runs already is not ended: a password may be changing.
   */
  void refused(String reason) {
    boolean endsStart = started.completeExceptionally(new BackplaneException(reason));
    if (!endsStart && reported != Reported.REFUSED) {
      LOG.error("this node cannot work here: {}", reason);
    }
    reported = Reported.REFUSED; // A start that ends says so in its own one line.
  }

  private void lost(String reason) {
    if (reported == Reported.NOTHING && !closed) {
      reported = Reported.LOST;
      LOG.warn("Redis is not reached, trying again: {}", reason);
    }
    judge(System.nanoTime());
  }
}
