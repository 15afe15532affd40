package dev.broadcast.node.backplane;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Certificates;
import dev.broadcast.testing.Ports;
import dev.broadcast.testing.RedisCluster;
import dev.broadcast.testing.RedisSentinels;
import dev.broadcast.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot work with the Redis that is there ends the start with one line that names it. */
class RedisMistakesTest {
  private static final String SECRET = "5ecret";

  @TempDir Path directory;
  @RegisterExtension final Opened open = new Opened();

  private RedisServer server(String name, String... settings) {
    return open.server(directory.resolve(name), settings);
  }

  private static RedisSettings with(String url, String user, String password) {
    return new RedisSettings(url, user, password, null, null, null, null, 0);
  }

  /** The start fails with that, in one line and without secrets. */
  private void assertRefused(String line, RedisSettings redis) {
    BackplaneSettings settings = BackplaneSettings.defaults("test", "n1");
    try (var node = new TestNode(hub -> new RedisBackplane(settings, redis, hub, hub, null))) {
      String message = refusal(node);
      assertTrue(message.startsWith(line), message);
      assertEquals(1, message.lines().count(), message);
      assertFalse(message.contains(SECRET), message);
    }
  }

  private static String refusal(TestNode node) {
    try {
      assertFalse(node.start(), "started");
    } catch (BackplaneException e) {
      return String.valueOf(e.getMessage());
    }
    // The first handshake of a cold JVM may take longer than a start waits.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> node.backplane.health().detail().contains("--"));
    String detail = node.backplane.health().detail();
    return detail.substring(detail.indexOf("--"));
  }

  private void assertRefused(String line, String url) {
    assertRefused(line, RedisSettings.of(url));
  }

  @Test
  void passwordsAndRights() {
    RedisServer redis = server("redis", "--requirepass", SECRET + "-of-redis");
    RedisServer limited = server("limited");
    limited.command("ACL", "SETUSER", "reader", "on", ">" + SECRET, "~*", "&*", "+@read", "+info");
    limited.command("ACL", "SETUSER", "deaf", "on", ">" + SECRET, "~*", "resetchannels", "+@all");
    limited.command("ACL", "SETUSER", "away", "on", ">" + SECRET, "~other*", "&*", "+@all");

    assertRefused("--redis-password: Redis asks for one (NOAUTH", redis.url());
    assertRefused("--redis-password: Redis knows no such", with(redis.url(), null, SECRET));
    assertRefused("--redis-password: Redis knows no such", with(redis.url(), "who", SECRET));
    for (String user : List.of("reader", "deaf", "away")) {
      assertRefused("--redis-user: its rights are too few (", with(limited.url(), user, SECRET));
    }
  }

  @Test
  void replicas() {
    RedisServer master = server("master");
    RedisServer replica = server("replica", "--replicaof", "127.0.0.1 " + master.port());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> String.valueOf(replica.command("INFO", "replication")).contains("status:up"));
    String at = "127.0.0.1:" + replica.port();

    assertRefused("--redis-url: " + at + " is a replica: its master expected", replica.url());
    assertRefused(
        "--redis-wait-replicas: 127.0.0.1:%d has fewer replicas, 1, than the 2 to wait for"
            .formatted(master.port()),
        RedisSettings.of(master.url()).withWaitReplicas(2));
  }

  @Test
  void oneForAClusterAndAClusterForOne() {
    RedisServer one = server("one");
    String inCluster = one.url().replace("redis:", "redis-cluster:");
    assertRefused(
        "--redis-url: 127.0.0.1:%d is not part of a Cluster: redis:// expected"
            .formatted(one.port()),
        inCluster);
    assertRefused(
        "--redis-url: 127.0.0.1:%d is no sentinel".formatted(one.port()),
        one.url().replace("redis:", "redis-sentinel:") + "?master=m");

    RedisCluster cluster = RedisCluster.start(directory.resolve("cluster"), 1, false);
    open.add(cluster);
    RedisServer node = cluster.servers().get(0);
    assertRefused(
        "--redis-url: 127.0.0.1:%d is part of a Cluster: redis-cluster:// expected"
            .formatted(node.port()),
        node.url());
    assertEquals(0L, node.command("DBSIZE"));
  }

  @Test
  void sentinels() {
    RedisSentinels sentinels = RedisSentinels.start(directory.resolve("s"), SECRET);
    open.add(sentinels);
    String url = sentinels.url();
    RedisSettings right = new RedisSettings(url, null, null, SECRET, null, null, null, 1);
    String another = url.replace("=" + RedisSentinels.NAME, "=nobody");
    String first = url.substring("redis-sentinel://".length(), url.indexOf(','));

    assertRefused("--redis-sentinel-password: the sentinel 127.0.0.1:", url);
    assertRefused(
        "--redis-sentinel-password: the sentinel 127.0.0.1:",
        new RedisSettings(url, null, null, SECRET + "-wrong", null, null, null, 0));
    assertRefused(
        "--redis-url: the sentinels watch no master called nobody",
        new RedisSettings(another, null, null, SECRET, null, null, null, 0));
    assertRefused(
        "--redis-wait-replicas: the sentinels know fewer replicas, 1, than the 2 to wait for",
        right.withWaitReplicas(2));
    assertRefused(
        "--redis-url: " + first + " is a sentinel: redis-sentinel://" + first + "?master=NAME",
        with("redis://" + first, null, SECRET));

    BackplaneSettings settings = BackplaneSettings.defaults("test", "n1");
    try (var node = new TestNode(hub -> new RedisBackplane(settings, right, hub, hub, null))) {
      assertTrue(node.start());
      node.publish("t", "m");
    }
  }

  @Test
  void tls() {
    Certificates.Files redis = Certificates.make(directory, "redis");
    int port = Ports.free();
    server(
        "tls",
        "--bind",
        "127.0.0.1 127.0.0.2",
        "--tls-port",
        Integer.toString(port),
        "--tls-cert-file",
        redis.chain().toString(),
        "--tls-key-file",
        redis.key().toString(),
        "--tls-ca-cert-file",
        redis.chain().toString());
    Certificates.Files other = Certificates.make(directory, "other");
    String url = "rediss://localhost:" + port;

    assertRefused("--redis-ca: the certificate of Redis is signed by somebody else (", url);
    assertRefused("--redis-cert: Redis asks for a certificate (", tls(url, redis, null));
    assertRefused("--redis-cert: Redis does not t", tls(url, redis, other));
    assertRefused(
        "--redis-url: the certificate of Redis is for another host (",
        tls(url.replace("localhost", "127.0.0.2"), redis, redis));
  }

  private static RedisSettings tls(
      String url, Certificates.Files redis, Certificates.@Nullable Files own) {
    return new RedisSettings(
        url,
        null,
        null,
        null,
        redis.chain(),
        own == null ? null : own.chain(),
        own == null ? null : own.key(),
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "6.0.16, --redis-url: h:1 is Redis 6.0.16: 6.2 or newer expected",
    "5.0.7, --redis-url: h:1 is Redis 5.0.7: 6.2 or newer expected",
    "6.2.0, ''",
    "7.0.15, ''",
    "10.0.0, ''",
    "255.255.255, ''"
  })
  void oldOnes(String version, String line) {
    var check = new ServerCheck(RedisTopology.Kind.ONE, 0, null);
    RedisAddress at = RedisTopology.parse("redis://h:1").servers().get(0);
    String info = "# Server\r\nredis_version:" + version + "\r\nredis_mode:standalone\r\n";
    assertEquals(line, check.mistake(at, info + "\r\nrole:master\r\nconnected_slaves:0\r\n"));
  }
}
