package dev.broadcast.node.ops;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Names;
import dev.broadcast.node.backplane.RedisSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a node, checked. What each means, its flag and its default stand in {@link
 * SettingsCommand}; sizes are bytes, {@link Duration#ZERO} and 0 stand for {@code off}.
 *
 * @throws InvalidSettingException naming the flag, if a setting breaks its rule
 */
public record Settings(
    String host,
    int port,
    @Nullable RedisSettings redis,
    String prefix,
    @Nullable String nodeId,
    int shards,
    @Nullable String subscribeKey,
    @Nullable String publishKey,
    @Nullable String adminKey,
    int historySize,
    Duration historyAge,
    int logSize,
    long ringSize,
    int queueSize,
    long queueBytes,
    Duration writeTimeout,
    Duration heartbeat,
    Duration drain,
    LogFormat logFormat,
    boolean debug,
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxPublishesPerSecond,
    int maxTopics,
    int maxBody,
    int maxBatch,
    Duration idleTimeout,
    Duration headTimeout,
    Duration bodyTimeout,
    boolean strict,
    Set<String> eventTypes,
    AccessSettings access) {

  private static final Pattern NODE_ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
  private static final int MILLION = 1_000_000;

  public Settings {
    require(!host.isBlank(), "--host", "a host name or address expected");
    between("--port", port, 0, 65_535);
    require(
        PREFIX.matcher(prefix).matches(), "--prefix", "1 to 64 of A-Z a-z 0-9 _ . : - expected");
    require(
        nodeId == null || NODE_ID.matcher(nodeId).matches(),
        "--node-id",
        "1 to 64 of A-Z a-z 0-9 _ . - expected");
    between("--shards", shards, 1, 256);
    if (redis != null) {
      RedisFlags.checked(() -> redis.check(shards));
    }
    key("--subscribe-key", subscribeKey);
    key("--publish-key", publishKey);
    key("--admin-key", adminKey);
    List<String> keys =
        Stream.of(subscribeKey, publishKey, adminKey).filter(Objects::nonNull).toList();
    require(
        new HashSet<>(keys).size() == keys.size(),
        "--admin-key",
        "each of --subscribe-key, --publish-key and --admin-key must be another one");
    between("--history-size", historySize, 1, MILLION);
    between("--history-age", historyAge, Duration.ofSeconds(1), Duration.ofDays(366));
    between("--log-size", logSize, 1_000, 100 * MILLION);
    between("--ring-size", ringSize, 1 << 20, 1L << 40);
    between("--queue-size", queueSize, 1, MILLION);
    between("--queue-bytes", queueBytes, 1 << 10, 1 << 30);
    between("--write-timeout", writeTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    require(
        heartbeat.isZero() || heartbeat.compareTo(Duration.ofMillis(100)) >= 0,
        "--heartbeat",
        "at least 100ms, or off, expected");
    between("--drain", drain, Duration.ZERO, Duration.ofHours(1));
    between("--max-connections", maxConnections, 1, 10 * MILLION);
    between("--max-connections-per-address", maxConnectionsPerAddress, 0, 10 * MILLION);
    between("--max-publishes-per-second", maxPublishesPerSecond, 0, MILLION);
    between("--max-topics", maxTopics, 1, 10_000);
    between("--max-body", maxBody, 1 << 10, 64 << 20);
    between("--max-batch", maxBatch, 1, 100_000);
    require(
        idleTimeout.isZero()
            || (idleTimeout.compareTo(Duration.ofMillis(100)) >= 0
                && idleTimeout.compareTo(Duration.ofDays(1)) <= 0),
        "--idle-timeout",
        "from 100ms to 24h, or off, expected");
    eventTypes = Set.copyOf(eventTypes);
    for (String type : eventTypes) {
      try {
        Names.type("type", type);
      } catch (InvalidMessageException e) {
        throw new InvalidSettingException("--event-types", String.valueOf(e.getMessage()));
      }
    }
    between("--head-timeout", headTimeout, Duration.ofMillis(100), Duration.ofHours(1));
    between("--body-timeout", bodyTimeout, Duration.ofMillis(100), Duration.ofHours(1));
    require(
        access.managementPort() == 0 || access.managementPort() != port,
        "--management-port",
        "another port than --port expected");
  }

  /**
   * Checks that not everybody may publish, once it is known who else says who may.
   *
   * @param authenticators whether the program brings authenticators along
   */
  public void requireRights(boolean authenticators) {
    require(
        publishKey != null || access.tokens() || authenticators || isLoopback(host),
        "--publish-key",
        "required when --host is beyond loopback (" + host + "): anybody could publish");
  }

  /** Whether only this machine reaches the node. */
  public boolean loopback() {
    return isLoopback(host);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new InvalidSettingException("--host", "this name has no address: " + host);
    }
  }

  private static void key(String flag, @Nullable String key) {
    require(
        key == null || (!key.isEmpty() && key.chars().allMatch(c -> c > 0x20 && c < 0x7f)),
        flag,
        "at least one character, all of visible ASCII without spaces, expected");
  }

  static void between(String flag, long value, long min, long max) {
    require(
        value >= min && value <= max,
        flag,
        "from " + min + " to " + max + " expected, not " + value);
  }

  static void between(String flag, Duration value, Duration min, Duration max) {
    require(
        value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
        flag,
        "from "
            + Durations.format(min)
            + " to "
            + Durations.format(max)
            + " expected, not "
            + Durations.format(value));
  }

  static void require(boolean holds, String flag, String detail) {
    if (!holds) {
      throw new InvalidSettingException(flag, detail);
    }
  }

  /** Says nothing: what a record would print holds keys and the password of Redis. */
  @Override
  public String toString() {
    return "Settings[host=" + host + ", port=" + port + ", nodeId=" + nodeId + "]";
  }
}
