package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Lets the master say on the shard's own channel, when nothing else comes there, where its sequence
 * stands: a lost tail would not be seen otherwise, nor a link that is dead. Only on the hub thread
 * unless said otherwise.
 */
final class RedisProbe {
  private static final long AFTER_SILENCE = TimeUnit.MILLISECONDS.toNanos(750);

  /** Added to the silence, so that one node's probe serves the others. */
  private static final long SPREAD = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long AT_LEAST = TimeUnit.SECONDS.toNanos(2);
  private static final RedisScript PROBE = RedisScript.load("probe");

  private final RedisKeys keys;
  private final RedisLink link;
  private final Runnable stale;
  private long probedAt;
  private volatile long roundTripNanos = -1;

  /**
   * @param stale called when the master is not in the state that it was taken to be in
   */
  RedisProbe(RedisKeys keys, RedisLink link, Runnable stale) {
    this.keys = keys;
    this.link = link;
    this.stale = stale;
  }

  /** How long Redis took to answer the last one; negative before the first. From any thread. */
  long roundTripNanos() {
    return roundTripNanos;
  }

  /**
   * Sends one when it is time.
   *
   * @param heardAt when something came on the channel
   */
  void tick(long now, ShardState state, long heardAt) {
    if (now - probedAt < AFTER_SILENCE) {
      return;
    }
    long silence = AFTER_SILENCE + ThreadLocalRandom.current().nextLong(SPREAD);
    if (now - heardAt < silence && now - probedAt < AT_LEAST) {
      return;
    }
    probedAt = now;
    byte[][] arguments = {bytes(state.epoch()), bytes(state.generation()), bytes(keys.channel())};
    link.command(
        PROBE,
        new byte[][] {keys.state()},
        arguments,
        (reply, failure) -> {
          if (reply == null) {
            return; // The link cuts what stays silent.
          }
          roundTripNanos = System.nanoTime() - now;
          link.clock().heard(RedisReply.number(reply.get(1)));
          if (RedisReply.text(reply.get(0)).equals("STALE")) {
            stale.run();
          }
        });
  }
}
