package dev.broadcast.node.backplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, how to get in, and what an acknowledgement waits for.
 *
 * @param url {@code redis://}, {@code redis-sentinel://} or {@code redis-cluster://}, {@code
 *     rediss...} for TLS, or several {@code redis://} with commas between
 * @param user in place of the URL's; null for that
 * @param password in place of the URL's; null for that
 * @param sentinelPassword what the sentinels ask for; null for nothing
 * @param ca PEM file with the certificates that Redis' is signed by; null for the JVM's
 * @param certificate PEM file with the node's own chain; null for none
 * @param key PEM file with its key
 * @param waitReplicas replicas that must have a message before it is acknowledged, 0-16
 * @throws IllegalArgumentException naming the setting, fit for the operator and without secrets
 */
public record RedisSettings(
    String url,
    @Nullable String user,
    @Nullable String password,
    @Nullable String sentinelPassword,
    @Nullable Path ca,
    @Nullable Path certificate,
    @Nullable Path key,
    int waitReplicas) {

  public RedisSettings {
    RedisTopology topology = RedisTopology.parse(url).as(user, password);
    boolean tls = topology.servers().stream().anyMatch(RedisAddress::tls);
    require(
        topology.servers().stream().noneMatch(s -> s.user() != null && s.password() == null),
        "redis-user: a password expected, too");
    require(
        sentinelPassword == null || topology.kind() == RedisTopology.Kind.SENTINEL,
        "redis-sentinel-password: only with redis-sentinel://");
    require(tls || ca == null, "redis-ca: only with TLS, rediss://");
    require(tls || certificate == null, "redis-cert: only with TLS, rediss://");
    require((certificate == null) == (key == null), "redis-cert: --redis-key belongs to it");
    readable("redis-ca", ca);
    readable("redis-cert", certificate);
    readable("redis-key", key);
    require(
        waitReplicas >= 0 && waitReplicas <= 16,
        "redis-wait-replicas: 0 to 16 expected, not " + waitReplicas);
  }

  /** One with nothing but the URL. */
  public static RedisSettings of(String url) {
    return new RedisSettings(url, null, null, null, null, null, null, 0);
  }

  /** The same, waiting for so many replicas. */
  public RedisSettings withWaitReplicas(int replicas) {
    return new RedisSettings(url, user, password, sentinelPassword, ca, certificate, key, replicas);
  }

  /**
   * Says no to what cannot work together.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public void check(int shards) {
    RedisTopology topology = topology();
    require(
        topology.kind() != RedisTopology.Kind.SEVERAL || shards >= topology.servers().size(),
        "shards: at least as many as servers in --redis-url expected, "
            + topology.servers().size()
            + "; with "
            + shards
            + " some would hold nothing");
  }

  RedisTopology topology() {
    return RedisTopology.parse(url).as(user, password);
  }

  Stream<String> secrets() {
    return Stream.concat(
        topology().servers().stream().flatMap(server -> Stream.ofNullable(server.password())),
        Stream.ofNullable(sentinelPassword));
  }

  private static void readable(String flag, @Nullable Path file) {
    require(
        file == null || (Files.isReadable(file) && !Files.isDirectory(file)),
        flag + ": the file " + file + " cannot be read");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Without secrets. */
  @Override
  public String toString() {
    RedisTopology topology = topology();
    return topology.kind() + " " + topology.servers();
  }
}
