package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static dev.broadcast.node.backplane.TestNode.payloads;
import static dev.broadcast.node.backplane.TestNode.sequences;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.Publication.Idempotency;
import dev.broadcast.node.backplane.PublishOutcome.KeyReused;
import dev.broadcast.node.backplane.PublishOutcome.Stored;
import dev.broadcast.testing.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every backplane promises to who publishes, and of what its feed is told. */
abstract class PublishingContractTest extends BackplaneContract {
  PublishingContractTest(
      Function<BackplaneSettings, TestNode> factory, BackplaneSettings settings) {
    super(factory, settings);
  }

  @Test
  void attachesEveryShardBeforeAnythingElse() {
    TestNode node = started();

    assertEquals(
        IntStream.range(0, settings().shards()).boxed().toList(),
        node.feed.attached.stream().map(ShardState::shard).sorted().toList());
    assertTrue(node.backplane.health().ready(), node.backplane.health().detail());
    assertEquals(0, node.state(0).head());
    assertEquals(1, node.state(0).lineage().size());
  }

  @Test
  void numbersWithoutHolesAndNamesThePredecessorInTheTopic() {
    TestNode node = started();
    Map<String, Long> last = new HashMap<>();
    Map<Integer, Long> heads = new HashMap<>();

    for (int i = 0; i < 60; i++) {
      String topic = "topic-" + i % 7;
      Stored stored = node.publish(topic, "m" + i);
      int shard = node.backplane.shardOf(topic);
      assertEquals(shard, stored.id().shard());
      assertEquals(heads.merge(shard, 1L, Long::sum), stored.id().sequence());
    }

    await().until(() -> node.feed.received().size() == 60);
    for (Entry entry : node.feed.received()) {
      assertEquals(last.getOrDefault(entry.topic(), 0L), entry.predecessor());
      last.put(entry.topic(), entry.sequence());
    }
    heads.forEach((shard, head) -> assertEquals(head, node.state(shard).head()));
  }

  @Test
  void carriesTopicTimePayloadAndReceiptToTheFeedAndKeepsAllButTheReceipt() {
    TestNode node = started();
    byte[] payload = {0, '\n', ' ', (byte) 0xff, '\r', 0};

    var stored =
        (Stored) get(node.backplane.publish(new Publication("a/b:c.d", payload, null, "abc.1")));

    await().until(() -> !node.feed.received().isEmpty());
    Entry live = node.feed.received().get(0);
    assertEquals(stored.id(), live.id());
    assertEquals("a/b:c.d", live.topic());
    assertEquals(stored.timestamp(), live.timestamp());
    assertEquals("abc.1", live.receipt());
    assertArrayEquals(payload, live.payload());
    Entry kept = node.readLast("a/b:c.d", 1).entries().get(0);
    assertEquals(live.id(), kept.id());
    assertEquals(live.timestamp(), kept.timestamp());
    assertArrayEquals(payload, kept.payload());
    assertNull(kept.receipt());
  }

  @Test
  void whatTravelsTogetherIsAnsweredNumberedAndToldAsIfItCameAlone() {
    TestNode node = started();
    int shard = node.backplane.shardOf("t");
    String other = topicOn(node, shard, "other");
    var first = (Stored) node.publish("t", "1", "k1", "c1");
    var busy = new CompletableFuture<Void>();

    node.hubThread.execute(busy::join);
    CompletableFuture<PublishOutcome> plain = node.publishing("t", "2", null, "receipt.1");
    CompletableFuture<PublishOutcome> again =
        node.publishing("t", "1", new Idempotency("k1", "c1"), null);
    CompletableFuture<PublishOutcome> elsewhere = node.publishing(other, "3", null, null);
    CompletableFuture<PublishOutcome> reused =
        node.publishing("t", "x", new Idempotency("k1", "c2"), null);
    CompletableFuture<PublishOutcome> keyed =
        node.publishing(other, "4", new Idempotency("k2", "c2"), null);
    CompletableFuture<PublishOutcome> twice =
        node.publishing(other, "4", new Idempotency("k2", "c2"), null);
    CompletableFuture<PublishOutcome> cleared = node.backplane.clear("t");
    CompletableFuture<PublishOutcome> last = node.publishing("t", "6", null, null);
    busy.complete(null);

    assertEquals(2, ((Stored) get(plain)).id().sequence());
    assertEquals(new Stored(first.id(), first.timestamp(), true), get(again));
    assertEquals(3, ((Stored) get(elsewhere)).id().sequence());
    assertInstanceOf(KeyReused.class, get(reused));
    var keyedOnce = (Stored) get(keyed);
    assertEquals(4, keyedOnce.id().sequence());
    assertEquals(new Stored(keyedOnce.id(), keyedOnce.timestamp(), true), get(twice));
    assertEquals(5, ((Stored) get(cleared)).id().sequence());
    assertEquals(6, ((Stored) get(last)).id().sequence());
    await().until(() -> node.feed.received(shard).size() == 6);
    List<Entry> live = node.feed.received(shard);
    assertEquals(List.of("1", "2", "3", "4", "", "6"), payloads(live));
    assertEquals(
        List.of("t", "t", other, other, "t", "t"), live.stream().map(Entry::topic).toList());
    assertEquals(List.of(0L, 1L, 0L, 3L, 2L, 5L), live.stream().map(Entry::predecessor).toList());
    assertEquals("receipt.1", live.get(1).receipt());
    assertEquals(Entry.Kind.CLEAR, live.get(4).kind());
    TopicPage page = node.read("t", 0, 10);
    assertEquals(List.of(5L, 6L), sequences(page.entries()));
    assertEquals(2, page.clearedThrough());
    assertEquals(
        List.of("t", "t", other, other, "t", "t"),
        node.missed(shard, 0, 10).items().stream().map(Missed.Item::topic).toList());
  }

  @Test
  void tellsTheFeedInOrderWhenManyPublishAtOnce() {
    TestNode node = started();
    int publishers = 8;
    int each = 500;

    var all = new CompletableFuture<?>[publishers];
    for (int p = 0; p < publishers; p++) {
      int publisher = p;
      all[p] =
          CompletableFuture.runAsync(
              () -> {
                List<CompletableFuture<PublishOutcome>> outcomes = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                  outcomes.add(
                      node.publishing("t" + publisher % 3, publisher + ":" + i, null, null));
                }
                outcomes.forEach(outcome -> assertInstanceOf(Stored.class, get(outcome)));
              },
              Threads.perTask());
    }
    get(CompletableFuture.allOf(all));

    await().until(() -> node.feed.received().size() == publishers * each);
    for (int shard = 0; shard < settings().shards(); shard++) {
      List<Entry> received = node.feed.received(shard);
      assertEquals(
          LongStream.rangeClosed(1, received.size()).boxed().toList(), sequences(received));
    }
    for (int p = 0; p < publishers; p++) {
      String prefix = p + ":";
      assertEquals(
          IntStream.range(0, each).mapToObj(i -> prefix + i).toList(),
          payloads(node.feed.received()).stream().filter(m -> m.startsWith(prefix)).toList());
    }
    assertTrue(node.feed.batches.size() < publishers * each / 4, "what waits travels together");
  }

  @Test
  void repeatsTheAnswerForTheSameKeyAndContent() {
    TestNode node = started();

    var first = (Stored) node.publish("t", "m", "key", "content");
    var second = (Stored) node.publish("t", "m", "key", "content");

    assertFalse(first.repeated());
    assertTrue(second.repeated());
    assertEquals(first.id(), second.id());
    assertEquals(first.timestamp(), second.timestamp());
    node.publish("t", "last");
    await().until(() -> node.feed.received().size() >= 2);
    assertEquals(List.of("m", "last"), payloads(node.feed.received()));
    assertEquals(List.of("m", "last"), payloads(node.readLast("t", 10).entries()));
  }

  @Test
  void refusesAKeyThatWasUsedWithOtherContent() {
    TestNode node = started();

    node.publish("t", "m", "key", "content");

    assertInstanceOf(KeyReused.class, node.publish("t", "other", "key", "other"));
    assertEquals(1, node.state(node.backplane.shardOf("t")).head());
  }

  @Test
  void repeatsOfOneKeyThatTravelTogetherAreStoredOnce() {
    TestNode node = started();

    List<CompletableFuture<PublishOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      var key = new Publication.Idempotency("key-" + i % 2, "content");
      outcomes.add(node.publishing("t", "m" + i % 2, key, null));
    }

    assertEquals(
        2, outcomes.stream().map(outcome -> ((Stored) get(outcome)).id()).distinct().count());
    assertEquals(List.of("m0", "m1"), payloads(node.readLast("t", 10).entries()));
  }

  @Test
  void forgetsKeysAfterTheirTimeAndBeyondTheirNumber() {
    TestNode node = started(settings().withIdempotency(Duration.ofSeconds(1), 10));

    var first = (Stored) node.publish("t", "m", "key", "content");
    await()
        .until(() -> !((Stored) node.publish("t", "m", "key", "content")).id().equals(first.id()));
    for (int i = 0; i < 12; i++) {
      node.publish("t", "m", "other-" + i, "content");
    }

    assertInstanceOf(Stored.class, node.publish("t", "m", "key", "different by now"));
    assertInstanceOf(KeyReused.class, node.publish("t", "m", "other-11", "different"));
  }

  @Test
  void answersPublishesAfterItIsClosed() {
    TestNode node = started();

    get(node.backplane.close());

    assertInstanceOf(PublishOutcome.NotStored.class, node.outcome("t", "m", null, null));
    assertFalse(node.backplane.health().ready());
  }
}
