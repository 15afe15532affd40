package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static dev.broadcast.node.backplane.TestNode.payloads;
import static dev.broadcast.node.backplane.TestNode.sequences;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.PublishOutcome.NotStored;
import dev.broadcast.node.backplane.PublishOutcome.Stored;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of publishing, reading and attachment when Redis dies, stalls, forgets or refuses.
 */
class RedisBackplaneFaultTest {
  @TempDir Path directory;
  private RedisServer redis;
  private final List<TestNode> nodes = new ArrayList<>();

  @BeforeEach
  void startRedis() {
    redis = RedisServer.start(directory.resolve("redis"), Fsync.ALWAYS);
  }

  @AfterEach
  void end() {
    nodes.forEach(TestNode::close);
    redis.close();
  }

  private TestNode node(String url, BackplaneSettings settings) {
    var node = new TestNode(hub -> new RedisBackplane(settings, url, hub));
    nodes.add(node);
    return node;
  }

  private TestNode node() {
    return node(redis.url(), settings());
  }

  private TestNode started() {
    TestNode node = node();
    assertTrue(node.start());
    return node;
  }

  private static BackplaneSettings settings() {
    return BackplaneSettings.defaults("test", "n1");
  }

  private static void awaitReady(TestNode node) {
    await().atMost(Duration.ofSeconds(10)).until(() -> node.backplane.health().ready());
  }

  private static Stored publishUntilStored(TestNode node, String payload) {
    return await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> node.outcome("t", payload, null, null), Stored.class::isInstance)
            instanceof Stored stored
        ? stored
        : null;
  }

  @Test
  void killedAndRestartedWithItsDataItLosesNothingAndOpensAGeneration() {
    TestNode node = started();
    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      node.publish("t", "m" + i);
      acknowledged.add("m" + i);
    }
    ShardState before = node.feed.lastAttached();

    redis.kill();
    // The first may still be written to the dead connection, and then nobody knows.
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> node.outcome("t", "while away", null, null), NotStored.class::isInstance);
    redis.restart();
    long serving = System.nanoTime();
    Stored next = publishUntilStored(node, "after");
    long back = NANOSECONDS.toMillis(System.nanoTime() - serving);
    acknowledged.add("after");

    assertTrue(back < 1_000, "publishing was back after " + back + " ms");
    assertEquals(51, next.id().sequence());
    assertEquals(before.epoch(), next.id().epoch());
    assertNotEquals(before.generation(), next.id().generation());
    awaitReady(node);
    ShardState after = node.feed.lastAttached();
    assertEquals(
        List.of(0L, 50L),
        after.lineage().stream().map(ShardState.GenerationStart::startsAfter).toList());
    assertFalse(node.feed.detached.isEmpty());
    assertEquals(acknowledged, payloads(node.readLast("t", 1_000).entries()));
    assertEquals(
        LongStream.rangeClosed(1, 51).boxed().toList(),
        node.missed(0, 0, 100).items().stream().map(Missed.Item::sequence).toList());
  }

  @Test
  void restartedEmptyItBeginsANewEpoch() {
    TestNode node = started();
    node.publish("t", "m");
    ShardState before = node.feed.lastAttached();

    redis.restartEmpty();

    Stored next = publishUntilStored(node, "after");
    assertEquals(1, next.id().sequence());
    awaitReady(node);
    assertNotEquals(before.epoch(), node.feed.lastAttached().epoch());
    assertEquals(List.of("after"), payloads(node.readLast("t", 10).entries()));
  }

  @Test
  void takenBackInTimeItOpensAGenerationBelowWhatWasGivenOut() {
    TestNode node = started();
    IntStream.range(0, 10).forEach(i -> node.publish("t", "early" + i));
    Path copy = redis.copyData();
    IntStream.range(0, 10).forEach(i -> node.publish("t", "late" + i));
    ShardState before = node.feed.lastAttached();

    redis.restartFrom(copy);

    Stored next = publishUntilStored(node, "again");
    assertEquals(11, next.id().sequence());
    awaitReady(node);
    ShardState after = node.feed.lastAttached();
    assertEquals(before.epoch(), after.epoch());
    assertEquals(10, after.lineage().get(1).startsAfter());
    assertEquals(next.id().generation(), after.generation());
  }

  @Test
  void goneBackWithinOneProcessItOpensAGenerationToo() {
    TestNode node = started();
    IntStream.range(0, 10).forEach(i -> node.publish("t", "m" + i));
    String state = "test{test:0}:state";

    redis.command("HSET", state, "seq", "4");

    await().until(() -> node.feed.lastAttached().lineage().size() == 2);
    assertEquals(4, node.feed.lastAttached().lineage().get(1).startsAfter());
  }

  @Test
  void pausedItAnswersInTimeAndStoresNoGhost() {
    TestNode node = started();
    node.publish("t", "before");

    redis.pause();
    long start = System.nanoTime();
    List<CompletableFuture<PublishOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      outcomes.add(node.publishing("t", "ghost" + i, null, null));
    }
    outcomes.forEach(outcome -> assertFalse(get(outcome) instanceof Stored));
    long took = NANOSECONDS.toMillis(System.nanoTime() - start);
    assertTrue(took <= 2_000, "answered after " + took + " ms");
    await().atMost(Duration.ofSeconds(5)).until(() -> !node.backplane.health().ready());
    await().atMost(Duration.ofSeconds(6)).until(() -> !node.feed.detached.isEmpty());
    redis.resume();

    long serving = System.nanoTime();
    publishUntilStored(node, "after");
    long back = NANOSECONDS.toMillis(System.nanoTime() - serving);
    assertTrue(back < 1_000, "publishing was back after " + back + " ms");
    awaitReady(node);
    assertEquals(List.of("before", "after"), payloads(node.readLast("t", 100).entries()));
    assertEquals(1, node.feed.lastAttached().lineage().size());
  }

  @Test
  void onlyWhatHasAKeyIsSentAgainWhenItsAnswerIsLost() throws Exception {
    TestNode node = started();

    redis.pause();
    CompletableFuture<PublishOutcome> plain = node.publishing("t", "plain", null, null);
    node.hubThread.submit(() -> {}).get();
    redis.kill();
    redis.restart();
    assertInstanceOf(PublishOutcome.Unknown.class, get(plain));
    awaitReady(node);

    redis.pause();
    CompletableFuture<PublishOutcome> keyed =
        node.publishing("t", "keyed", new Publication.Idempotency("key", "content"), null);
    node.hubThread.submit(() -> {}).get();
    redis.kill();
    redis.restart();
    assertInstanceOf(Stored.class, get(keyed));
    awaitReady(node);
    assertEquals(List.of("keyed"), payloads(node.readLast("t", 10).entries()));
  }

  @Test
  void aShortPauseIsNotNoticed() throws Exception {
    TestNode node = started();

    redis.pause();
    CompletableFuture<PublishOutcome> outcome = node.publishing("t", "m", null, null);
    CompletableFuture.runAsync(
            redis::resume,
            CompletableFuture.delayedExecutor(1_000, java.util.concurrent.TimeUnit.MILLISECONDS))
        .get();

    assertInstanceOf(Stored.class, get(outcome));
    assertEquals(List.of(), node.feed.detached);
  }

  @Test
  void pubSubKilledAloneIsAttachedAnewAndPublishingGoesOn() {
    TestNode node = started();
    node.publish("t", "before");
    int attached = node.feed.attached.size();

    assertEquals(1, redis.killPubSub());
    assertInstanceOf(Stored.class, node.outcome("t", "meanwhile", null, null));

    await().until(() -> node.feed.attached.size() > attached);
    assertEquals(1, node.feed.detached.size());
    assertEquals(1, node.feed.lastAttached().lineage().size());
    node.publish("t", "after");
    await().until(() -> payloads(node.feed.received()).contains("after"));
  }

  @Test
  void scriptsThatRedisForgotAreSentAgain() {
    TestNode node = started();
    node.publish("t", "m1");

    redis.command("SCRIPT", "FLUSH");

    assertEquals(2, node.publish("t", "m2").id().sequence());
    assertEquals(2, node.readLast("t", 10).entries().size());
  }

  @Test
  void outOfMemoryNothingIsHalfWritten() {
    TestNode node = started();
    node.publish("t", "m1");

    redis.command("CONFIG", "SET", "maxmemory", "1");
    // Where the last attempt's answer comes after the deadline, nobody knows; then once more.
    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () ->
                node.publish("t", "m2", "key", "content") instanceof NotStored why
                    && why.detail().contains("OOM"));
    redis.command("CONFIG", "SET", "maxmemory", "0");

    assertInstanceOf(Stored.class, node.publish("t", "m3", "key", "another content"));
    assertEquals(List.of(1L, 2L), sequences(node.readLast("t", 10).entries()));
    assertEquals(2, node.missed(0, 0, 10).items().size());
  }

  @Test
  void flushedWithoutAWordItIsFoundByTheProbe() {
    TestNode node = started();
    String epoch = node.feed.lastAttached().epoch();

    redis.command("FLUSHALL");

    await().until(() -> !node.feed.lastAttached().epoch().equals(epoch));
    assertEquals(List.of(), node.feed.detached);
    assertEquals(1, node.publish("t", "m").id().sequence());
  }

  @Test
  void aGenerationThatAnotherNodeOpenedIsTakenUpBeforeAnythingIsStored() {
    TestNode node = started();
    String generation = node.publish("t", "m1").id().generation();

    redis.command(
        "HSET", "test{test:0}:state", "gen", "another", "lineage", generation + ":0,another:1");

    Stored stored = node.publish("t", "m2");
    assertEquals("another", stored.id().generation());
    assertEquals(2, stored.id().sequence());
    assertEquals("another", node.feed.lastAttached().generation());
  }

  @Test
  void aForeignKeyInTheWayFailsItsTopicAlone() {
    TestNode node = started();
    String epoch = node.feed.lastAttached().epoch();
    redis.command("SET", "test{test:0}:" + epoch + ":t:broken", "foreign");

    CompletableFuture<PublishOutcome> first = node.publishing("t", "m1", null, null);
    CompletableFuture<PublishOutcome> broken = node.publishing("broken", "m", null, null);
    CompletableFuture<PublishOutcome> second = node.publishing("t", "m2", null, null);

    assertInstanceOf(NotStored.class, get(broken));
    assertEquals(1, ((Stored) get(first)).id().sequence());
    assertEquals(2, ((Stored) get(second)).id().sequence());
    assertEquals(List.of(), node.read("broken", 0, 10).entries());
  }

  @Test
  void foreignPayloadsOnTheChannelAreIgnored() {
    TestNode node = started();
    String epoch = node.feed.lastAttached().epoch();
    String generation = node.feed.lastAttached().generation();

    for (String payload :
        List.of(
            "",
            "hello",
            "b2 m x",
            "b2 m " + epoch + " " + generation + " 1 1 1 1\nt 0\nm 0 999999 -\nshort",
            "b2 m UPPER gen 1 1\n")) {
      redis.command("PUBLISH", "test{test:0}:live", payload);
    }

    node.publish("t", "m");
    await().until(() -> !node.feed.received().isEmpty());
    assertEquals(List.of("m"), payloads(node.feed.received()));
    assertEquals(5, node.backplane.figures().malformedFrames());
  }

  @Test
  void startsWithoutRedisAndAttachesWhenItComes() {
    redis.kill();
    TestNode node = node();

    assertFalse(node.start());
    assertFalse(node.backplane.health().ready());
    assertInstanceOf(NotStored.class, node.outcome("t", "m", null, null));
    assertThrows(BackplaneException.class, () -> node.readLast("t", 1));
    redis.restart();

    awaitReady(node);
    assertInstanceOf(Stored.class, node.outcome("t", "m", null, null));
  }

  @Test
  void refusesToRunWithAnotherNumberOfShards() {
    started();

    TestNode other = node(redis.url(), settings().withShards(2));

    var failure = assertThrows(BackplaneException.class, other::start);
    assertTrue(failure.getMessage().contains("1 shards"), failure.getMessage());
  }

  @Test
  void aReplicaIsNotAttachedToUntilItIsPromoted() {
    TestNode first = started();
    first.publish("t", "m1");
    try (RedisServer replica = RedisServer.start(directory.resolve("replica"), Fsync.ALWAYS)) {
      TestNode node = node(replica.url(), settings());
      assertTrue(node.start());
      replica.command("REPLICAOF", "127.0.0.1", Integer.toString(redis.port()));
      await()
          .until(
              () ->
                  String.valueOf(replica.command("INFO", "replication"))
                      .contains("link_status:up"));
      await().until(() -> !node.backplane.health().ready());
      assertInstanceOf(NotStored.class, node.outcome("t", "m", null, null));

      replica.command("REPLICAOF", "NO", "ONE");

      Stored stored = publishUntilStored(node, "m2");
      assertEquals(2, stored.id().sequence());
      List<ShardState.GenerationStart> lineage = node.state(0).lineage();
      assertEquals(stored.id().generation(), node.state(0).generation());
      assertEquals(1, lineage.get(lineage.size() - 1).startsAfter());
      node.close();
      nodes.remove(node);
    }
  }

  @Test
  void nodesSeeTheSameSequenceWhoeverPublishes() {
    TestNode one = started();
    TestNode two = started();
    for (int i = 0; i < 100; i++) {
      (i % 2 == 0 ? one : two).publish("t" + i % 3, "m" + i);
    }

    await().until(() -> one.feed.received().size() == 100 && two.feed.received().size() == 100);
    assertEquals(sequences(one.feed.received()), sequences(two.feed.received()));
    assertEquals(payloads(one.feed.received()), payloads(two.feed.received()));
    assertEquals(one.feed.lastAttached().epoch(), two.feed.lastAttached().epoch());
  }

  @Test
  void aWrongPasswordIsExplainedWithoutShowingIt() {
    redis.command("CONFIG", "SET", "requirepass", "right-secret");
    TestNode node = node(redis.url().replace("redis://", "redis://:wrong-secret@"), settings());

    var refusal = assertThrows(BackplaneException.class, node::start);

    assertTrue(refusal.getMessage().contains("WRONGPASS"), refusal.getMessage());
    assertFalse(refusal.getMessage().contains("secret"), refusal.getMessage());
    assertFalse(node.backplane.health().detail().contains("secret"));
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> node("redis://user:top-secret@host:notaport", settings()));
    assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
  }
}
