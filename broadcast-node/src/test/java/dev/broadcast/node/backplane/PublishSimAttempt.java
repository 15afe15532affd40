package dev.broadcast.node.backplane;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.broadcast.node.backplane.PublishOutcome.KeyReused;
import dev.broadcast.node.backplane.PublishOutcome.NotStored;
import dev.broadcast.node.backplane.PublishOutcome.Stored;
import dev.broadcast.node.backplane.PublishOutcome.Unknown;
import dev.broadcast.node.backplane.PublishSimRedis.Copy;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One try to publish in a simulation, and what was promised about it. */
final class PublishSimAttempt {
  private final byte[] payload;
  private final @Nullable String key;
  private final PublishItem item;
  private long answeredAt = Long.MAX_VALUE;

  /**
   * @param payload an array that no other attempt has: by it the copies are told apart
   */
  PublishSimAttempt(byte[] payload, @Nullable String key, PublishItem item) {
    this.payload = payload;
    this.key = key;
    this.item = item;
  }

  void answered(long now) {
    answeredAt = now;
  }

  /**
   * Throws where a promise was broken.
   *
   * @param lostData whether Redis lost what it had stored, and keys with it
   * @param tick how much later than its deadline the answer may be
   */
  void judge(PublishSimRedis redis, boolean lostData, long tick) {
    PublishOutcome outcome = item.outcome().getNow(null);
    List<Copy> own = own(redis);
    check(outcome != null, "never answered");
    check(answeredAt <= item.deadline() + tick, "answered late");
    check(own.stream().allMatch(copy -> copy.at() <= item.deadline()), "stored after its deadline");
    check(!(outcome instanceof NotStored) || own.isEmpty(), "stored after all");
    check(!(outcome instanceof KeyReused), "refused for its own key");
    check(key != null || own.size() <= 1, "sent twice without a key");
    if (outcome instanceof Stored stored) {
      check(
          redis.executed.stream().anyMatch(copy -> copy.is(stored.id()) && isMine(copy)),
          "acknowledged and never stored");
    }
    if (key != null) {
      List<Copy> among = lostData ? redis.copies() : redis.executed;
      check(
          among.stream().filter(copy -> Arrays.equals(copy.payload(), payload)).count() <= 1,
          "stored twice");
    }
  }

  boolean isUnknownButStored(PublishSimRedis redis) {
    return item.outcome().getNow(null) instanceof Unknown && !own(redis).isEmpty();
  }

  private List<Copy> own(PublishSimRedis redis) {
    return redis.executed.stream().filter(copy -> copy.payload() == payload).toList();
  }

  /** Of this attempt, or of an earlier one under the same key. */
  private boolean isMine(Copy copy) {
    return copy.payload() == payload || (key != null && key.equals(copy.key()));
  }

  private void check(boolean kept, String otherwise) {
    if (!kept) {
      throw new AssertionError(
          otherwise
              + ": "
              + new String(payload, US_ASCII)
              + ", key "
              + key
              + ", deadline "
              + item.deadline()
              + ", answered at "
              + answeredAt
              + " "
              + item.outcome().getNow(null));
    }
  }
}
