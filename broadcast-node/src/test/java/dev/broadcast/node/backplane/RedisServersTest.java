package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.payloads;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.PublishOutcome.Stored;
import dev.broadcast.node.backplane.PublishOutcome.Unknown;
import dev.broadcast.testing.Certificates;
import dev.broadcast.testing.Ports;
import dev.broadcast.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Redis in other shapes than one open server: several, with TLS, with rights, with replicas. */
class RedisServersTest {
  @TempDir Path directory;
  @RegisterExtension final Opened open = new Opened();

  private RedisServer server(String name, String... settings) {
    return open.server(directory.resolve(name), settings);
  }

  private TestNode node(RedisSettings redis, int shards) {
    BackplaneSettings settings = BackplaneSettings.defaults("test", "n1").withShards(shards);
    var node = new TestNode(hub -> new RedisBackplane(settings, redis, hub, hub, null));
    return open.add(node);
  }

  private TestNode node(String url, int shards) {
    return node(RedisSettings.of(url), shards);
  }

  /** The first handshakes of a cold JVM take long on a busy machine. */
  private static void startsIn(TestNode node) {
    if (!node.start()) {
      await().atMost(Duration.ofSeconds(20)).until(() -> node.backplane.health().ready());
    }
  }

  private static void assertRefused(TestNode node, String... words) {
    String reason;
    try {
      assertFalse(node.start(), "started");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> node.backplane.health().detail().contains(words[0]));
      reason = node.backplane.health().detail();
    } catch (BackplaneException e) {
      reason = e.getMessage();
    }
    for (String word : words) {
      assertTrue(reason.contains(word), reason);
    }
  }

  private static void assertWorks(TestNode node) {
    startsIn(node);
    for (int i = 0; i < 8; i++) {
      node.publish("t" + i, "m" + i);
      assertEquals(List.of("m" + i), payloads(node.readLast("t" + i, 10).entries()));
    }
    node.publish("t0", "keyed", "key", "content");
    node.clear("t1");
    await().until(() -> node.feed.received().size() == 10);
    RedisBackplane redis = (RedisBackplane) node.backplane;
    TestNode.get(redis.tickets().put("digest", "grant", Duration.ofMinutes(1)));
    assertEquals("grant", TestNode.get(redis.tickets().take("digest")).orElseThrow());
    assertEquals(1, node.missed(0, 0, 1).items().size());
    TestNode.get(redis.tickets().secret());
  }

  @Test
  void severalServersShareTheShardsAndOneGoneTakesItsOwnOnly() {
    RedisServer one = server("one");
    RedisServer two = server("two");
    TestNode node = node(one.url() + "," + two.url(), 3);
    assertWorks(node);
    assertTrue((Long) one.command("DBSIZE") > 3);
    assertTrue((Long) two.command("DBSIZE") > 3);
    String onTwo = topicOn(node, 1);
    String onOne = topicOn(node, 0);

    two.kill();
    await().until(() -> !node.backplane.health().ready());

    assertInstanceOf(Stored.class, node.outcome(onOne, "m", null, null));
    assertFalse(node.outcome(onTwo, "m", null, null) instanceof Stored);
    two.restart();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> node.outcome(onTwo, "m", null, null) instanceof Stored);
  }

  private static String topicOn(TestNode node, int shard) {
    for (int i = 0; ; i++) {
      if (node.backplane.shardOf("x" + i) == shard) {
        return "x" + i;
      }
    }
  }

  @Test
  void serversInAnotherOrderOrNumberAreRefused() {
    RedisServer one = server("one");
    RedisServer two = server("two");
    RedisServer three = server("three");
    startsIn(node(one.url() + "," + two.url(), 4));

    for (String url :
        List.of(two.url() + "," + one.url(), one.url() + "," + two.url() + "," + three.url())) {
      assertRefused(node(url, 4), "--redis-url: ");
    }
  }

  @Test
  void moreShardsAreRefusedAndTheWayIsSaid() {
    RedisServer one = server("one");
    startsIn(node(one.url(), 1));
    long keys = (Long) one.command("DBSIZE");

    assertRefused(node(one.url(), 4), "--shards: ", "another --prefix");
    assertEquals(keys, (Long) one.command("DBSIZE"));
  }

  @Test
  void speaksTlsWithACertificateOfItsOwn() {
    Certificates.Files redis = Certificates.make(directory, "redis");
    Certificates.Files mine = Certificates.make(directory, "mine");
    int port = Ports.free();
    server(
        "tls",
        "--tls-port",
        Integer.toString(port),
        "--tls-cert-file",
        redis.chain().toString(),
        "--tls-key-file",
        redis.key().toString(),
        "--tls-ca-cert-file",
        mine.chain().toString());
    String url = "rediss://localhost:" + port;

    assertWorks(
        node(
            new RedisSettings(url, null, null, null, redis.chain(), mine.chain(), mine.key(), 0),
            1));
  }

  @Test
  void acknowledgesOnlyWhatReplicasHave() {
    RedisServer one = server("one");
    RedisServer replica =
        server(
            "replica", "--replicaof", "127.0.0.1 " + one.port(), "--repl-diskless-sync-delay", "0");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> String.valueOf(replica.command("INFO", "replication")).contains("status:up"));
    TestNode node = node(RedisSettings.of(one.url()).withWaitReplicas(1), 1);
    startsIn(node);
    assertInstanceOf(Stored.class, node.outcome("t", "m1", null, null));

    replica.pause();
    PublishOutcome alone = node.publish("t", "m2", "key", "content");
    assertTrue(
        alone instanceof Unknown unknown && unknown.detail().contains("replicas"),
        alone.toString());
    replica.resume();

    assertTrue(
        await()
                    .atMost(Duration.ofSeconds(10))
                    .until(
                        () -> node.publish("t", "m2", "key", "content"), Stored.class::isInstance)
                instanceof Stored stored
            && stored.repeated());
  }
}
