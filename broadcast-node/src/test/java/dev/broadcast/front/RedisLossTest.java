package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redis comes back without what it had, or with what it had a while ago: clients are told. */
class RedisLossTest {
  private static final Duration READY = Duration.ofSeconds(10);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void emptiedRedisIsANewEpochToldOnceOnOpenStreamsAndToCursors(int shards) {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.ALWAYS);
        TestCluster cluster = cluster(redis, shards)) {
      List<String> topics = topics(shards);
      String query = "topic=" + String.join("&topic=", topics);
      try (OpenStream a = cluster.node(0).listen(query).awaitConnected();
          OpenStream b = cluster.node(1).listen(query).awaitConnected()) {
        topics.forEach(t -> cluster.node(0).publish(t, "old " + t));
        String cursor = a.awaitMessages(topics.size()).place();
        b.awaitMessages(topics.size());

        redis.restartEmpty();
        cluster.nodes().forEach(node -> node.awaitReady(READY));
        topics.forEach(t -> cluster.node(1).publish(t, "new " + t));

        for (OpenStream client : List.of(a, b)) {
          client.awaitMessages(2 * topics.size());
          assertFalse(client.ended());
          assertResetOnce(client, "epoch", topics);
          assertEquals(
              topics.stream().map(t -> "new " + t).sorted().toList(),
              client.data().subList(topics.size(), 2 * topics.size()).stream().sorted().toList());
        }
        try (OpenStream late = cluster.node(1).listen(query, cursor)) {
          assertEquals(
              topics.stream().map(t -> "new " + t).sorted().toList(),
              late.awaitMessages(topics.size()).data().stream().sorted().toList());
          assertResetOnce(late, "epoch", topics);
        }
        try (OpenStream again = cluster.node(1).listen(query, a.cursor())) {
          cluster.node(0).publish(topics.get(0), "on");
          assertEquals(List.of("on"), again.awaitMessages(1).data());
          assertEquals(List.of(), again.resets());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void goneBackInTimeIsANewGenerationForThoseWhoSawMore(int shards) {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.ALWAYS);
        TestCluster cluster = cluster(redis, shards)) {
      List<String> topics = topics(shards);
      String lost = topics.get(0);
      String quiet = topics.get(1);
      String query = "topic=" + lost + "&topic=" + quiet;
      try (OpenStream live = cluster.node(0).listen(query).awaitConnected();
          OpenStream untouched = cluster.node(1).listen("topic=" + quiet).awaitConnected()) {
        cluster.node(0).publish(quiet, "quiet");
        String before = cluster.node(0).publish(lost, "kept");
        live.awaitMessages(2);
        // Given a copy of Redis, and messages after it that clients have seen
        Path copy = redis.copyData();
        cluster.node(0).publish(lost, "gone 1");
        cluster.node(1).publish(lost, "gone 2");
        live.awaitMessages(4);
        String after = live.place();
        // When Redis comes back as it was
        redis.restartFrom(copy);
        cluster.nodes().forEach(node -> node.awaitReady(READY));
        cluster.node(1).publish(lost, "other 1");
        cluster.node(0).publish(quiet, "quiet on");
        // Then who saw what never happened is told, for that topic alone, and goes on
        live.awaitMessages(6);
        assertFalse(live.ended());
        assertResetOnce(live, "generation", List.of(lost));
        assertEquals(
            List.of("other 1", "quiet on"), live.data().subList(4, 6).stream().sorted().toList());
        assertEquals(List.of("quiet", "quiet on"), untouched.awaitMessages(2).data());
        assertEquals(List.of(), untouched.resets());
        // A cursor from before the copy is honoured
        for (FrontNode node : cluster.nodes()) {
          try (OpenStream client = node.listen("topic=" + lost, before)) {
            assertEquals("other 1", client.awaitMessages(1).data().get(0));
            assertEquals(List.of(), client.resets());
          }
          // One of what is gone is not, and gets what came instead
          try (OpenStream client = node.listen(query, after)) {
            client.await("other 1", s -> s.data().contains("other 1"));
            assertEquals("generation", client.resets().get(0).json().path("reason").asText());
            assertEquals(1, client.data().stream().filter("other 1"::equals).count());
          }
          try (OpenStream client = node.listen(query, live.cursor())) {
            client.awaitConnected();
            cluster.node(0).publish(lost, "on " + node.uri().getPort());
            client.awaitMessages(1);
            assertEquals(List.of(), client.resets());
          }
        }
      }
    }
  }

  @Test
  void flushedWithoutARestartIsANewEpochToo() {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.ALWAYS);
        TestCluster cluster = cluster(redis, 1);
        OpenStream client = cluster.node(0).listen("topic=t").awaitConnected()) {
      cluster.node(1).publish("t", "old");
      client.awaitMessages(1);
      redis.command("FLUSHALL");
      // A node may need a moment to see it; publishing goes on
      cluster.node(1).publish("t", "new");
      assertEquals(List.of("old", "new"), client.awaitMessages(2).data());
      assertResetOnce(client, "epoch", List.of("t"));
      cluster.nodes().forEach(node -> node.awaitReady(READY));
      cluster.node(0).publish("t", "on");
      assertEquals(List.of("old", "new", "on"), client.awaitMessages(3).data());
    }
  }

  @Test
  void anEvictedTopicIsSeenAsCutAndTheOthersGoOn() {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.ALWAYS);
        TestCluster cluster = cluster(redis, 1)) {
      String query = "topic=evicted&topic=kept";
      String cursor;
      try (OpenStream client = cluster.node(0).listen(query).awaitConnected()) {
        cursor = client.cursor();
      }
      cluster.node(0).publish("evicted", "gone");
      cluster.node(0).publish("kept", "here");
      Object keys = redis.command("KEYS", "*evicted*");
      for (Object key : (List<?>) keys) {
        redis.command("DEL", String.valueOf(key));
      }
      try (OpenStream client = cluster.node(1).listen(query, cursor)) {
        assertEquals(List.of("here"), client.awaitMessages(1).data());
        ResetTest.assertReset(client, "trimmed", List.of("evicted"), cursor);
        cluster.node(0).publish("evicted", "anew");
        assertEquals(List.of("here", "anew"), client.awaitMessages(2).data());
      }
    }
  }

  @Test
  void goneBackTwiceACursorIsHonouredUpToWhereItsGenerationEnded() {
    try (RedisServer redis = RedisServer.start(directory.resolve("data"), Fsync.ALWAYS);
        TestCluster cluster = cluster(redis, 1)) {
      List<String> common = new ArrayList<>();
      List<String> undone = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        common.add(cluster.node(0).publish("t", "common " + round));
        Path copy = redis.copyData();
        for (int i = 0; i < 3; i++) {
          undone.add(cluster.node(1).publish("t", "undone " + round + "." + i));
        }
        redis.restartFrom(copy);
        cluster.nodes().forEach(node -> node.awaitReady(READY));
      }
      cluster.node(0).publish("t", "end");
      for (FrontNode node : cluster.nodes()) {
        for (int round = 0; round < 3; round++) {
          try (OpenStream client = node.listen("topic=t", common.get(round))) {
            client.awaitMessages(3 - round);
            assertEquals("end", client.data().get(2 - round));
            assertEquals(List.of(), client.resets(), client::toString);
          }
        }
        for (String id : undone) {
          try (OpenStream client = node.listen("topic=t", id)) {
            client.await("end", s -> s.data().contains("end"));
            assertResetOnce(client, "generation", List.of("t"));
          }
        }
      }
    }
  }

  private static TestCluster cluster(RedisServer redis, int shards) {
    return TestCluster.onRedis(redis.url(), "t", 2, List.of("--shards=" + shards));
  }

  /** With two shards both have some of them: the names' hashes say so. */
  private static List<String> topics(int shards) {
    List<String> names = Stream.iterate(0, i -> i + 1).limit(4).map(i -> "topic-" + i).toList();
    return shards == 1 ? names.subList(0, 2) : names;
  }

  private static void assertResetOnce(OpenStream client, String reason, List<String> topics) {
    List<String> told = new ArrayList<>();
    for (OpenStream.Event reset : client.resets()) {
      assertEquals(reason, reset.json().path("reason").asText(), client::toString);
      reset.json().path("topics").forEach(t -> told.add(t.asText()));
    }
    assertEquals(topics.stream().sorted().toList(), told.stream().sorted().toList());
  }
}
