package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.BroadcastResult.Published;
import dev.broadcast.api.broadcaster.PublishOptions;
import dev.broadcast.api.broadcaster.Receipt;
import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.client.BatchResult;
import dev.broadcast.api.client.BroadcastClient;
import dev.broadcast.api.client.ClientSettings;
import dev.broadcast.api.client.Listening;
import dev.broadcast.api.stream.StreamEvent;
import dev.broadcast.api.stream.StreamEvent.Delivered;
import dev.broadcast.api.stream.StreamEvent.Interrupted;
import dev.broadcast.api.stream.StreamEvent.Opened;
import dev.broadcast.api.stream.StreamEvent.Reset;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Java client against nodes, over links that break. */
class JavaClientTest {
  @RegisterExtension
  static final SharedClusters CLUSTERS =
      new SharedClusters("--history-size=5000", "--heartbeat=100ms");

  private final List<StreamEvent> seen = new CopyOnWriteArrayList<>();

  private static BroadcastClient client(URI... nodes) {
    return new BroadcastClient(
        ClientSettings.of(nodes)
            .timeouts(Duration.ofSeconds(5), Duration.ofSeconds(20))
            .backoff(Duration.ofMillis(10), Duration.ofMillis(200)));
  }

  private static FrontNode alone() {
    return CLUSTERS.on(TestCluster.Setup.ALONE).node(0);
  }

  private static Message text(String topic, String data) {
    return Message.builder("update", data).topic(topic).build();
  }

  private List<String> data() {
    return seen.stream()
        .filter(Delivered.class::isInstance)
        .map(event -> ((Delivered) event).message().data().content())
        .toList();
  }

  private long count(Class<? extends StreamEvent> type) {
    return seen.stream().filter(type::isInstance).count();
  }

  private void awaitOpened(int times) {
    Await.until("opened " + times + " times: " + seen, () -> count(Opened.class) >= times);
  }

  private void awaitData(List<String> expected) {
    Await.until("all of " + expected.size(), () -> data().size() >= expected.size());
    assertEquals(expected, data());
  }

  @Test
  void whatIsPublishedArrivesAsItWas() {
    Message message =
        Message.builder("update", List.of(1, "two"))
            .topic("client-whole")
            .targetIds("t")
            .metadata(java.util.Map.of("k", "v"))
            .build();
    try (BroadcastClient client = client(alone().uri());
        Listening listening = client.listen(SubscribeOptions.to("client-whole"), seen::add)) {
      awaitOpened(1);
      Published published =
          client.publish(message, PublishOptions.NONE.withReceipt(Duration.ofSeconds(2))).join();
      awaitData(List.of("[1,\"two\"]"));
      Delivered delivered = (Delivered) seen.get(seen.size() - 1);
      assertEquals(published.id(), delivered.message().id());
      assertEquals(published.timestamp(), delivered.message().timestamp());
      assertEquals(message.targetIds(), delivered.message().targetIds());
      assertEquals(message.metadata(), delivered.message().metadata());
      assertEquals(new Receipt(1, 1, true), published.receipt());
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void aMessageWhoseAnswerIsLostIsStoredOnce() throws Exception {
    try (FaultyLink link = new FaultyLink(alone().uri());
        BroadcastClient client = client(link.uri())) {
      link.swallowAnswers(2);
      Published published = client.publish(text("client-once", "a")).join();
      assertTrue(published.repeated());

      link.cut();
      link.swallowAnswers(1);
      List<BatchResult> batch =
          client
              .publishAll(
                  List.of(
                      text("client-once", "b"),
                      text("client-once", "c").change().metadataJson("[1]").build(),
                      text("client-once", "d")))
              .join();
      assertTrue(((BatchResult.Stored) batch.get(0)).published().repeated());
      assertEquals(400, ((BatchResult.Refused) batch.get(1)).reason().status());
      assertEquals(List.of("a", "b", "d"), alone().history("topic=client-once"));
    }
  }

  @Test
  void nothingIsLostOrDoubledOverLinksThatAreCut() throws Exception {
    try (FaultyLink link = new FaultyLink(alone().uri());
        BroadcastClient client = client(link.uri());
        Listening listening = client.listen(SubscribeOptions.to("client-cut"), seen::add)) {
      awaitOpened(1);
      List<String> sent = new ArrayList<>();
      for (int round = 1; round <= 5; round++) {
        sent.addAll(alone().publishMany("client-cut", "r" + round + "-", 100));
        link.cut();
        alone().publish("client-cut", "while cut " + round);
        sent.add("while cut " + round);
        awaitOpened(round + 1);
      }
      awaitData(sent);
      assertEquals(0, count(Reset.class));
      assertTrue(count(Interrupted.class) >= 5);
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void aLinkThatDiedSilentlyIsNoticedByItsMissingHeartbeats() throws Exception {
    try (FaultyLink link = new FaultyLink(alone().uri());
        BroadcastClient client = client(link.uri());
        Listening listening = client.listen(SubscribeOptions.to("client-dead"), seen::add)) {
      awaitOpened(1);
      link.freeze();
      alone().publish("client-dead", "while dead");
      awaitOpened(2);
      awaitData(List.of("while dead"));
      assertTrue(
          seen.stream().anyMatch(e -> e instanceof Interrupted i && i.reason().contains("silent")),
          seen.toString());
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void goesOnWithAnotherNodeWhenItsNodeStops() throws Exception {
    try (TestCluster cluster = TestCluster.start(TestCluster.Setup.REDIS);
        BroadcastClient client = client(cluster.node(0).uri(), cluster.node(1).uri());
        Listening listening = client.listen(SubscribeOptions.to("client-stop"), seen::add)) {
      awaitOpened(1);
      List<String> sent = new ArrayList<>(cluster.node(1).publishMany("client-stop", "a", 50));
      var stopped = cluster.node(0).stop();
      sent.addAll(cluster.node(1).publishMany("client-stop", "b", 50));
      stopped.get(20, TimeUnit.SECONDS);
      sent.add("last");
      client.publish(text("client-stop", "last")).get(20, TimeUnit.SECONDS);
      awaitData(sent);
      assertTrue(seen.contains(new Interrupted("draining")), seen.toString());
      assertEquals(0, count(Reset.class));
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void aCursorThatCannotBeHonouredIsToldAsReset() {
    alone().publish("client-reset", "kept");
    try (BroadcastClient client = client(alone().uri());
        Listening listening =
            client.listen(SubscribeOptions.to("client-reset").after("no cursor"), seen::add)) {
      awaitData(List.of("kept"));
      Reset reset = (Reset) seen.stream().filter(Reset.class::isInstance).findFirst().orElseThrow();
      assertEquals("invalid", reset.reason());
      assertEquals(List.of("client-reset"), reset.topics());
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void aListenerGoesOnLaterWhereItStopped() {
    List<String> sent = alone().publishMany("client-later", "m", 10);
    try (BroadcastClient client = client(alone().uri())) {
      Listening first =
          client.listen(
              SubscribeOptions.to("client-later").after("earliest"),
              event -> {
                seen.add(event);
                if (data().size() == 4) {
                  throw new IllegalStateException("enough");
                }
              });
      Await.until("it has thrown", () -> first.ended().isCompletedExceptionally());
      // The fourth was not handled: it comes again.
      List<StreamEvent> again = new CopyOnWriteArrayList<>();
      try (Listening second =
          client.listen(SubscribeOptions.to("client-later").after(first.cursor()), again::add)) {
        Await.until(
            "the rest",
            () -> again.stream().filter(Delivered.class::isInstance).count() == sent.size() - 3);
        assertFalse(second.ended().isDone());
      }
    }
  }

  @Test
  void aSlowConsumerReadsNoMoreThanItAsksForAndMissesNothing() throws Exception {
    String large = "x".repeat(20_000);
    int count = 2500;
    try (FaultyLink link = new FaultyLink(alone().uri());
        BroadcastClient reading = client(link.uri());
        BroadcastClient publishing = client(alone().uri())) {
      SlowSubscriber slow = new SlowSubscriber();
      reading.subscribe(SubscribeOptions.to("client-slow")).subscribe(slow);
      slow.request(1);
      Await.until("connected", () -> slow.count() == 1);
      // 50 MB, far more than sockets and the node's queue for one connection take.
      for (int i = 0; i < count; i += 50) {
        List<Message> batch =
            IntStream.range(i, i + 50).mapToObj(n -> text("client-slow", n + large)).toList();
        publishing.publishAll(batch).get(20, TimeUnit.SECONDS);
      }
      assertEquals(1, slow.count());
      assertTrue(link.passed() < 25_000_000, link.passed() + " bytes were read");
      slow.request(10);
      Await.until("ten more", () -> slow.count() == 11);
      slow.request(Long.MAX_VALUE);
      Await.until("everything", Duration.ofSeconds(60), () -> slow.delivered().size() >= count);
      assertEquals(
          IntStream.range(0, count).mapToObj(n -> n + "x").toList(),
          slow.delivered().stream().map(t -> t.substring(0, t.indexOf('x') + 1)).toList());
      assertEquals(0, slow.resets());
      slow.cancel();
    }
  }

  /** Asks when it is told to. */
  private static final class SlowSubscriber implements Flow.Subscriber<StreamEvent> {
    private final List<StreamEvent> events = new CopyOnWriteArrayList<>();
    private volatile Flow.Subscription subscription;

    void request(long n) {
      subscription.request(n);
    }

    void cancel() {
      subscription.cancel();
    }

    int count() {
      return events.size();
    }

    List<String> delivered() {
      return events.stream()
          .filter(Delivered.class::isInstance)
          .map(e -> ((Delivered) e).message().data().content())
          .toList();
    }

    long resets() {
      return events.stream().filter(Reset.class::isInstance).count();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(StreamEvent event) {
      events.add(event);
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {}
  }
}
