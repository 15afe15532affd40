package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.testing.RedisCluster;
import dev.broadcast.testing.RedisSentinels;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.Threads;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masters change and slots move while a publisher goes on: a pause for clients. */
class RedisTopologyFaultTest {
  private static final Duration FAILOVER_WITHIN = Duration.ofSeconds(20);

  @TempDir Path directory;

  private static TestCluster nodes(String url, int shards, String... more) {
    List<String> flags = new ArrayList<>(List.of("--shards=" + shards, "--heartbeat=300ms"));
    flags.addAll(List.of(more));
    return TestCluster.onRedis(url, "t", 2, flags);
  }

  @Test
  void sentinelsPromoteTheReplicaOfALivingMasterAndNodesLeaveItAtOnce() throws Exception {
    try (RedisSentinels redis = RedisSentinels.start(directory);
        TestCluster cluster =
            nodes(redis.url(), 1, "--redis-wait-replicas=1", "--history-size=20000");
        Clients clients = new Clients(cluster);
        Steady steady = new Steady(cluster.node(0))) {
      List<String> sent = clients.publish("before", 20);
      clients.awaitAll(sent);

      redis.failOver();
      Await.until("promoted", FAILOVER_WITHIN, () -> isMaster(redis.second()));

      // The old master comes back as a replica of the new one, so that publishing can go on.
      stored(cluster, sent, "after");
      assertFalse(isMaster(redis.first()));
      sent.addAll(steady.stop());
      // What the old one still told but nobody acknowledged may be gone, with a reset; nothing
      // else.
      clients.awaitAll(sent);
      assertKeptOnceAndInOrder(cluster, sent);
    }
  }

  @Test
  void sentinelsPromoteTheReplicaOfADeadMaster() {
    try (RedisSentinels redis = RedisSentinels.start(directory);
        TestCluster cluster = nodes(redis.url(), 1);
        Clients clients = new Clients(cluster)) {
      List<String> sent = clients.publish("before", 20);
      clients.awaitAll(sent);
      Await.until("replicated", () -> offset(redis.first()).equals(offset(redis.second())));

      redis.first().kill();

      stored(cluster, sent, "after");
      assertTrue(isMaster(redis.second()));
      clients.awaitAll(sent);
      clients.assertNothingLostDoubledOrReset(sent, true);
      // When the old master comes back nobody goes back to it
      redis.first().restart();
      Await.until("demoted", FAILOVER_WITHIN, () -> !isMaster(redis.first()));
      sent.addAll(clients.publish("later", 20));
      clients.awaitAll(sent);
      clients.assertNothingLostDoubledOrReset(sent, true);
    }
  }

  @Test
  void whatALaggingReplicaLackedIsToldByReset() {
    try (RedisSentinels redis = RedisSentinels.start(directory);
        TestCluster cluster = nodes(redis.url(), 1)) {
      try (OpenStream client = cluster.node(1).listen("topic=t").awaitConnected()) {
        cluster.node(0).publish("t", "kept");
        client.awaitMessages(1);
        Await.until("replicated", () -> offset(redis.first()).equals(offset(redis.second())));
        // What is in a socket on its way to a paused replica would still arrive.
        redis.second().pause();
        redis.first().command("CLIENT", "KILL", "TYPE", "replica");
        cluster.node(0).publish("t", "lost");
        client.awaitMessages(2);
        redis.first().kill();
        redis.second().resume();

        Await.until(
            "stored",
            FAILOVER_WITHIN,
            () ->
                cluster.node(0).post("/events", Map.of("topic", "t", "data", "new")).status()
                    == 200);
        client.await("reset", s -> s.resets().size() == 1);
        client.await("new", s -> s.data().contains("new"));
        assertEquals(List.of("kept", "lost", "new"), client.data());
        assertFalse(client.ended());
      }
    }
  }

  @Test
  void aClustersMasterDiesAndItsReplicaGoesOn() {
    try (RedisCluster redis = RedisCluster.start(directory, 3, true);
        TestCluster cluster = nodes(redis.url(), 3);
        Clients clients = new Clients(cluster)) {
      List<String> sent = clients.publish("before", 40);
      clients.awaitAll(sent);
      RedisServer master = redis.masterOf("t{t:0}:state");
      RedisServer replica = redis.servers().get(redis.servers().indexOf(master) + 3);
      Await.until("replicated", () -> offset(master).equals(offset(replica)));

      master.kill();
      Await.until("promoted", FAILOVER_WITHIN, () -> isMaster(replica));

      stored(cluster, sent, "after");
      sent.addAll(clients.publish("later", 40));
      clients.awaitAll(sent);
      clients.assertNothingLostDoubledOrReset(sent, true);
    }
  }

  @Test
  void slotsMoveUnderLoadAndNothingIsLostDoubledOrReset() throws Exception {
    try (RedisCluster redis = RedisCluster.start(directory, 3, false);
        TestCluster cluster = nodes(redis.url(), 3);
        Clients clients = new Clients(cluster);
        Steady steady = new Steady(cluster.node(0))) {
      List<String> sent = clients.publish("before", 40);
      long slot = redis.slot("t{t:0}:state");
      for (int i = 0; i < 4; i++) {
        RedisServer from = redis.masterOf("t{t:0}:state");
        RedisServer to =
            redis.servers().get((redis.servers().indexOf(from) + 1) % redis.servers().size());

        redis.move(slot, from, to);

        stored(cluster, sent, "moved " + i);
      }
      sent.addAll(steady.stop());
      clients.awaitAll(sent);
      clients.assertNothingLostDoubledOrReset(sent, true);
    }
  }

  /** Tries on every topic and node until it is stored, as clients do. */
  private static void stored(TestCluster cluster, List<String> sent, String data) {
    for (int i = 0; i < 4; i++) {
      for (int n = 0; n < 2; n++) {
        FrontNode node = cluster.node(n);
        String topic = Clients.topic(i);
        String text = data + " " + i + " on " + n;
        String message = "{\"topic\":\"%s\",\"data\":\"%s\"}".formatted(topic, text);
        String key = text.replace(' ', '-');
        Await.until(
            "stored: " + text,
            FAILOVER_WITHIN,
            () ->
                node.call(
                            "POST",
                            "/events",
                            message,
                            "Content-Type",
                            "application/json",
                            "Idempotency-Key",
                            key)
                        .status()
                    == 200);
        sent.add(text);
      }
    }
  }

  private static void assertKeptOnceAndInOrder(TestCluster cluster, List<String> sent) {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<Integer> steady = new ArrayList<>();
      for (JsonNode message :
          cluster
              .node(1)
              .get("/history?limit=2000&topic=" + Clients.topic(i))
              .json()
              .path("messages")) {
        String data = message.path("data").asText();
        kept.add(data);
        if (data.startsWith("steady ")) {
          steady.add(Integer.valueOf(data.substring(7)));
        }
      }
      assertEquals(steady.stream().sorted().toList(), steady, "order");
    }
    assertEquals(kept.size(), new HashSet<>(kept).size(), "doubled");
    assertEquals(List.of(), sent.stream().filter(data -> !kept.contains(data)).toList(), "lost");
  }

  private static boolean isMaster(RedisServer server) {
    return replication(server).contains("role:master");
  }

  private static String offset(RedisServer server) {
    return replication(server)
        .lines()
        .filter(line -> line.startsWith("master_repl_offset:"))
        .findFirst()
        .orElse("");
  }

  private static String replication(RedisServer server) {
    try {
      return String.valueOf(server.command("INFO", "replication"));
    } catch (UncheckedIOException e) {
      return ""; // Sentinels cut the connections to a master that they demote.
    }
  }

  /** Publishes one after the other, all the time. */
  private static final class Steady implements AutoCloseable {
    private final AtomicBoolean stop = new AtomicBoolean();
    private final CompletableFuture<List<String>> stored;

    Steady(FrontNode node) {
      stored =
          CompletableFuture.supplyAsync(
              () -> {
                List<String> done = new ArrayList<>();
                for (int i = 0; !stop.get() && i < 20_000; i++) {
                  String data = "steady " + i;
                  Map<String, String> message = Map.of("topic", Clients.topic(i), "data", data);
                  if (node.post("/events", message).status() == 200) {
                    done.add(data);
                  }
                }
                return done;
              },
              Threads.perTask());
    }

    /** What was acknowledged. */
    List<String> stop() throws Exception {
      stop.set(true);
      return stored.get();
    }

    @Override
    public void close() {
      stop.set(true);
    }
  }
}
