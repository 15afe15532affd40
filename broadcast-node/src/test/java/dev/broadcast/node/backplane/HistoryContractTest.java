package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static dev.broadcast.node.backplane.TestNode.payloads;
import static dev.broadcast.node.backplane.TestNode.sequences;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.backplane.Missed.Gone;
import dev.broadcast.node.backplane.Missed.Kept;
import dev.broadcast.node.backplane.PublishOutcome.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every backplane keeps, and how it is read. */
abstract class HistoryContractTest extends BackplaneContract {
  HistoryContractTest(Function<BackplaneSettings, TestNode> factory, BackplaneSettings settings) {
    super(factory, settings);
  }

  @Test
  void countsWhatTopicsKeep() {
    TestNode node = started();
    for (int i = 0; i < 5; i++) {
      node.publish("five", "m" + i);
    }
    node.publish("one", "m");
    node.publish("none", "m");
    get(node.backplane.clear("none"));

    List<Long> kept = get(node.backplane.kept(List.of("one", "never", "five")));

    assertEquals(List.of(1L, 0L, 5L), kept);
    // The entry that says that it was cleared
    assertTrue(get(node.backplane.kept(List.of("none"))).get(0) <= 1);
  }

  @Test
  void readsAfterAPlaceInPages() {
    TestNode node = started();
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      numbers.add(node.publish("t", "m" + i).id().sequence());
    }

    TopicPage page = node.read("t", numbers.get(9), 20);
    assertEquals(numbers.subList(10, 30), sequences(page.entries()));
    assertTrue(page.more());
    assertEquals(0, page.firstPredecessor());
    assertEquals(numbers.get(49), page.last());

    TopicPage rest = node.read("t", numbers.get(29), 20);
    assertEquals(numbers.subList(30, 50), sequences(rest.entries()));
    assertFalse(rest.more());
    assertEquals(List.of(), node.read("t", numbers.get(49), 20).entries());
    assertEquals(1, node.read("t", 0, 1).entries().size());
  }

  @Test
  void readsTheLastOnes() {
    TestNode node = started();
    IntStream.range(0, 30).forEach(i -> node.publish("t", "m" + i));

    assertEquals(List.of("m28", "m29"), payloads(node.readLast("t", 2).entries()));
    assertEquals(30, node.readLast("t", 100).entries().size());
  }

  @Test
  void readsLargeMessagesWhole() {
    TestNode node = started();
    String large = "x".repeat(400_000);
    for (int i = 0; i < 7; i++) {
      node.publish("t", i + large);
    }

    assertEquals(
        IntStream.range(2, 7).mapToObj(i -> i + large).toList(),
        payloads(node.readLast("t", 5).entries()));
    List<Entry> walked = new ArrayList<>();
    TopicPage page;
    do {
      page = node.read("t", walked.isEmpty() ? 0 : walked.get(walked.size() - 1).sequence(), 5);
      walked.addAll(page.entries());
    } while (page.more());
    assertEquals(7, walked.size());
    List<Missed.Item> missed = new ArrayList<>();
    while (missed.size() < 7) {
      List<Missed.Item> items = node.missed(node.backplane.shardOf("t"), missed.size(), 7).items();
      assertFalse(items.isEmpty());
      missed.addAll(items);
    }
    assertEquals(7, missed.stream().filter(Kept.class::isInstance).count());
  }

  @Test
  void aTopicThatNeverHadAMessageHonoursEverything() {
    TestNode node = started();

    TopicPage page = node.read("nothing", 0, 10);

    assertEquals(List.of(), page.entries());
    assertEquals(-1, page.firstPredecessor());
    assertEquals(0, page.last());
    assertTrue(page.honours(0));
  }

  @Test
  void readsNothingOfAnotherEpoch() {
    TestNode node = started();
    node.publish("t", "m");
    int shard = node.backplane.shardOf("t");

    HistoryRead read = get(node.backplane.read(shard, "another", List.of("t"), 0, 10));
    Missed missed = get(node.backplane.readMissed(shard, "another", 0, 10));

    assertEquals(List.of(), read.pages());
    assertEquals(node.epoch(shard), read.state().epoch());
    assertNotEquals("another", missed.state().epoch());
    assertEquals(List.of(), missed.items());
  }

  @Test
  void keepsExactlyTheHistorySizeWhenItIsSmall() {
    TestNode node = started(settings().withHistory(20, Duration.ofHours(1)));
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < 55; i++) {
      numbers.add(node.publish("t", "m" + i).id().sequence());
    }

    TopicPage page = node.read("t", 0, 1_000);
    assertEquals(numbers.subList(35, 55), sequences(page.entries()));
    assertEquals(numbers.get(34), page.firstPredecessor());
    assertTrue(page.honours(numbers.get(34)));
    assertFalse(page.honours(numbers.get(33)));
  }

  @Test
  void keepsBetweenTheHistorySizeAndTwiceThat() {
    TestNode node = started(settings().withHistory(250, Duration.ofHours(1)));
    List<CompletableFuture<PublishOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 1_400; i++) {
      outcomes.add(node.publishing("t", "m" + i, null, null));
    }
    outcomes.forEach(TestNode::get);

    int kept = node.read("t", 0, 10_000).entries().size();
    assertTrue(kept >= 250 && kept <= 500, "kept " + kept);
  }

  @Test
  void ageWinsOverCountAlsoOnABusyTopic() {
    TestNode node = started(settings().withHistory(100, Duration.ofSeconds(1)));
    long first = node.publish("t", "old").id().sequence();

    await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              node.publish("t", "young");
              return node.read("t", 0, 1_000).firstPredecessor() >= first;
            });

    TopicPage page = node.read("t", 0, 1_000);
    assertFalse(payloads(page.entries()).contains("old"));
    assertFalse(page.entries().isEmpty());
    await().until(() -> node.read("t", 0, 1_000).firstPredecessor() == -1);
    TopicPage empty = node.read("t", 0, 1_000);
    assertEquals(List.of(), empty.entries());
    assertTrue(empty.honours(empty.last()));
    assertFalse(empty.honours(empty.last() - 1));
  }

  @Test
  void clearingIsAnEntryAfterWhichOlderPlacesAreNotHonoured() {
    TestNode node = started();
    long before = node.publish("t", "m1").id().sequence();
    long last = node.publish("t", "m2").id().sequence();

    Stored cleared = node.clear("t");

    TopicPage page = node.read("t", 0, 10);
    assertEquals(last + 1, cleared.id().sequence());
    assertEquals(List.of(Entry.Kind.CLEAR), page.entries().stream().map(Entry::kind).toList());
    assertEquals(last, page.firstPredecessor());
    assertEquals(last, page.clearedThrough());
    assertTrue(page.honours(last));
    assertFalse(page.honours(before));
    await().until(() -> node.feed.received().size() == 3);
    Entry live = node.feed.received().get(2);
    assertEquals(Entry.Kind.CLEAR, live.kind());
    assertEquals(last, live.predecessor());
    long next = node.publish("t", "m3").id().sequence();
    assertEquals(
        List.of(cleared.id().sequence(), next), sequences(node.read("t", last, 10).entries()));
  }

  @Test
  void readsWhatWasMissedByTheLog() {
    TestNode node = started(settings().withHistory(5, Duration.ofHours(1)));
    int shard = node.backplane.shardOf("kept");
    String cleared = topicOn(node, shard, "cleared");
    String busy = topicOn(node, shard, "busy");
    node.publish(cleared, "c");
    node.publish("kept", "k");
    IntStream.range(0, 10).forEach(i -> node.publish(busy, "b" + i));
    node.clear(cleared);

    Missed missed = node.missed(shard, 0, 100);

    assertEquals(0, missed.logStartsAfter());
    assertEquals(13, missed.state().head());
    assertEquals(
        LongStream.rangeClosed(1, 13).boxed().toList(),
        missed.items().stream().map(Missed.Item::sequence).toList());
    assertEquals(new Gone(1, cleared, true), missed.items().get(0));
    assertEquals("kept", ((Kept) missed.items().get(1)).entry().topic());
    assertEquals(new Gone(3, busy, false), missed.items().get(2));
    assertEquals(
        5, missed.items().stream().skip(2).limit(10).filter(Kept.class::isInstance).count());
    assertEquals(Entry.Kind.CLEAR, ((Kept) missed.items().get(12)).entry().kind());
    Missed page = node.missed(shard, 4, 3);
    assertEquals(List.of(5L, 6L, 7L), page.items().stream().map(Missed.Item::sequence).toList());
    assertEquals(List.of(), node.missed(shard, 13, 10).items());
  }

  @Test
  void saysWhereTheLogBegins() {
    TestNode node = started(settings().withLog(50, 1_000));
    int shard = node.backplane.shardOf("t");
    for (int i = 0; i < 700; i++) {
      node.publish("t", "m" + i);
    }

    Missed missed = node.missed(shard, 10, 1_000);

    assertTrue(missed.logStartsAfter() > 10, "starts after " + missed.logStartsAfter());
    assertTrue(missed.logStartsAfter() <= 650);
    assertEquals(missed.logStartsAfter() + 1, missed.items().get(0).sequence());
    assertEquals(700, missed.items().get(missed.items().size() - 1).sequence());
    assertEquals(700 - missed.logStartsAfter(), missed.items().size());
  }

  @Test
  void topicsBeyondTheBoundShareAFloorThatIsNeverTooLow() {
    TestNode node = started(settings().withLog(1_000, 20));
    int shard = node.backplane.shardOf("first");
    long first = node.publish("first", "m").id().sequence();
    for (int i = 0; i < 100; i++) {
      node.publish(topicOn(node, shard, "other-" + i), "m");
    }

    TopicPage page = node.read("first", 0, 10);
    assertTrue(page.last() >= first);
    long next = node.publish("first", "again").id().sequence();
    await().until(() -> node.feed.received(shard).size() == 102);
    List<Entry> live = node.feed.received(shard);
    assertTrue(live.get(live.size() - 1).predecessor() >= first);
    assertEquals(next, node.read("first", 0, 10).last());
  }

  @Test
  void readsSeveralTopicsOfAShardAtOneMoment() {
    TestNode node = started();
    int shard = node.backplane.shardOf("a");
    String b = topicOn(node, shard, "b");
    node.publish("a", "1");
    node.publish(b, "2");

    HistoryRead read =
        get(node.backplane.read(shard, node.epoch(shard), List.of(b, "a", "none"), 0, 10));

    assertEquals(List.of(b, "a", "none"), read.pages().stream().map(TopicPage::topic).toList());
    assertEquals(List.of(2L), sequences(read.pages().get(0).entries()));
    assertEquals(List.of(1L), sequences(read.pages().get(1).entries()));
    assertEquals(2, read.state().head());
  }
}
