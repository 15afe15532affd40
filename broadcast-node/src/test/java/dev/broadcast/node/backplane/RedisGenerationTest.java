package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.payloads;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.PublishOutcome.NotStored;
import dev.broadcast.node.backplane.PublishOutcome.Stored;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What becomes of epoch and generation when Redis dies, forgets, or goes back in time. */
class RedisGenerationTest extends OwnRedis {
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
}
