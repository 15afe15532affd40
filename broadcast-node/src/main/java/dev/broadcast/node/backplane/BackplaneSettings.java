package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How a backplane keeps and numbers messages. The same on every node of a cluster, but for the node
 * id.
 *
 * @param prefix what Redis keys and channels begin with, 1-64 of {@code A-Z a-z 0-9 _ . : -}
 * @param nodeId this node's id, 1-64 of the same; names it in leases, lists and logs
 * @param shards sequences that topics are spread over, 1-256; never changed for a prefix that has
 *     data
 * @param historySize messages a topic keeps at least (within the age), 1-1,000,000; at most twice
 *     that, below 200 exactly
 * @param historyAge how long a message is kept, 1 s - 30 d
 * @param logSize numbers a shard's log covers at least, 1-10,000,000
 * @param topicsMax topics whose last number a shard remembers one by one, 1-10,000,000; older ones
 *     share a floor
 * @param publishDeadline within which a publish is answered, 100 ms - 1 min
 * @param idempotencyTtl how long an idempotency key is remembered, 1 s - 1 d
 * @param idempotencyMax idempotency keys a shard remembers at most, 1-10,000,000
 */
public record BackplaneSettings(
    String prefix,
    String nodeId,
    int shards,
    int historySize,
    Duration historyAge,
    int logSize,
    int topicsMax,
    Duration publishDeadline,
    Duration idempotencyTtl,
    int idempotencyMax) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");

  public BackplaneSettings {
    name("prefix", prefix);
    name("nodeId", nodeId);
    within("shards", shards, 1, 256);
    within("historySize", historySize, 1, 1_000_000);
    within("historyAge", historyAge, Duration.ofSeconds(1), Duration.ofDays(30));
    within("logSize", logSize, 1, 10_000_000);
    within("topicsMax", topicsMax, 1, 10_000_000);
    within("publishDeadline", publishDeadline, Duration.ofMillis(100), Duration.ofMinutes(1));
    within("idempotencyTtl", idempotencyTtl, Duration.ofSeconds(1), Duration.ofDays(1));
    within("idempotencyMax", idempotencyMax, 1, 10_000_000);
  }

  /**
   * One shard, 1,000 messages a topic for an hour, a log of 100,000, publishes answered within 2 s.
   */
  public static BackplaneSettings defaults(String prefix, String nodeId) {
    return new BackplaneSettings(
        prefix,
        nodeId,
        1,
        1_000,
        Duration.ofHours(1),
        100_000,
        100_000,
        // What is answered in time must be at the publisher in time, too.
        Duration.ofMillis(1_800),
        Duration.ofMinutes(5),
        100_000);
  }

  /** The same with so many shards. */
  public BackplaneSettings withShards(int value) {
    return new BackplaneSettings(
        prefix,
        nodeId,
        value,
        historySize,
        historyAge,
        logSize,
        topicsMax,
        publishDeadline,
        idempotencyTtl,
        idempotencyMax);
  }

  /** The same with another history. */
  public BackplaneSettings withHistory(int size, Duration age) {
    return new BackplaneSettings(
        prefix,
        nodeId,
        shards,
        size,
        age,
        logSize,
        topicsMax,
        publishDeadline,
        idempotencyTtl,
        idempotencyMax);
  }

  /** The same with another log and another bound of topics. */
  public BackplaneSettings withLog(int size, int topics) {
    return new BackplaneSettings(
        prefix,
        nodeId,
        shards,
        historySize,
        historyAge,
        size,
        topics,
        publishDeadline,
        idempotencyTtl,
        idempotencyMax);
  }

  /** The same with another memory of idempotency keys. */
  public BackplaneSettings withIdempotency(Duration ttl, int max) {
    return new BackplaneSettings(
        prefix,
        nodeId,
        shards,
        historySize,
        historyAge,
        logSize,
        topicsMax,
        publishDeadline,
        ttl,
        max);
  }

  /** The shard of a topic; every node must come to the same. */
  int shardOf(String topic) {
    if (shards == 1) {
      return 0;
    }
    // String.hashCode is fixed by its specification, so nodes of any version agree. Its low bits
    // alone would put topics that differ in one even character on the same shard.
    int hash = topic.hashCode() * 0x9E3779B9;
    return Math.floorMod(hash >>> 8, shards);
  }

  private static void name(String field, String value) {
    if (!NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          field + ": 1 to 64 of A-Z a-z 0-9 _ . : - expected, not \"" + value + '"');
    }
  }

  private static <T extends Comparable<T>> void within(String field, T value, T low, T high) {
    if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
      throw new IllegalArgumentException(
          field + ": " + low + " to " + high + " expected, not " + value);
    }
  }
}
