package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static dev.broadcast.node.backplane.TestNode.payloads;
import static dev.broadcast.node.backplane.TestNode.sequences;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.PublishOutcome.NotStored;
import dev.broadcast.node.backplane.PublishOutcome.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of publishing, reading and attachment when Redis dies, stalls or refuses. */
class RedisBackplaneFaultTest extends OwnRedis {
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
            CompletableFuture.delayedExecutor(500, java.util.concurrent.TimeUnit.MILLISECONDS))
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

    try {
      assertFalse(node.start());
    } catch (BackplaneException refusal) {
      assertTrue(refusal.getMessage().contains("WRONGPASS"), refusal.getMessage());
      assertFalse(refusal.getMessage().contains("secret"), refusal.getMessage());
    }
    await().until(() -> node.backplane.health().detail().contains("WRONGPASS"));
    assertFalse(node.backplane.health().detail().contains("secret"));
    var failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> node("redis://user:top-secret@host:notaport", settings()));
    assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
  }
}
