package dev.broadcast.api.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientStreamTest {
  private static final StreamSettings QUIET = StreamSettings.DEFAULTS.heartbeat(Duration.ZERO);

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private static String text(Collector<byte[]> collector) {
    StringBuilder text = new StringBuilder();
    collector.values().forEach(b -> text.append(new String(b, StandardCharsets.UTF_8)));
    return text.toString();
  }

  private Flow.Publisher<Integer> numbers(int count) {
    return Sources.iterate(IntStream.range(0, count).boxed().toList(), Duration.ZERO, timer);
  }

  private static void awaitNobodyAt(SubmissionPublisher<?> source) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (source.hasSubscribers()) {
      assertTrue(System.nanoTime() < deadline, "the source is not cancelled");
      Thread.onSpinWait();
    }
  }

  @Test
  void sendsInitialEventValuesAndClosingEvent() throws Exception {
    Collector<byte[]> client = new Collector<>(Long.MAX_VALUE);
    new ClientStream<>(
            numbers(3),
            n -> n == 1 ? null : ClientEvent.of("update", n),
            QUIET
                .initial(ClientEvent.of("status", "Connected"))
                .closing(ClientEvent.of("status", "Connection closed")),
            timer)
        .subscribe(client);
    assertEquals("complete", client.awaitEnd());
    assertEquals(
        """
        event: status
        data: Connected

        event: update
        data: 0

        event: update
        data: 2

        event: status
        data: Connection closed

        """,
        text(client));
  }

  @Test
  void asksTheSourceOnlyForWhatTheClientTakes() throws Exception {
    AtomicInteger made = new AtomicInteger();
    Collector<byte[]> client = new Collector<>(2);
    new ClientStream<Integer>(
            Sources.poll(made::incrementAndGet, Duration.ZERO, timer),
            n -> ClientEvent.of(null, n),
            QUIET,
            timer)
        .subscribe(client);
    client.await(values -> values.size() == 2);
    assertEquals(2, made.get());
    client.request(1);
    client.await(values -> values.size() == 3);
    assertEquals(3, made.get());
  }

  @Test
  void aClientThatLeavesCancelsTheSource() throws Exception {
    SubmissionPublisher<ClientEvent> source = new SubmissionPublisher<>();
    Collector<byte[]> client = new Collector<>(1);
    ClientStream.of(source, QUIET, timer).subscribe(client);
    assertEquals(1, source.getNumberOfSubscribers());
    client.cancel();
    awaitNobodyAt(source);
  }

  @Test
  void stopEndsItAndCancelsTheSource() throws Exception {
    SubmissionPublisher<ClientEvent> source = new SubmissionPublisher<>();
    Collector<byte[]> client = new Collector<>(Long.MAX_VALUE);
    ClientStream<ClientEvent> stream =
        ClientStream.of(source, QUIET.closing(ClientEvent.of(null, "bye")), timer);
    stream.subscribe(client);
    source.submit(ClientEvent.of(null, "one"));
    client.await(values -> values.size() == 1);
    stream.stop();
    assertEquals("complete", client.awaitEnd());
    assertEquals("data: one\n\ndata: bye\n\n", text(client));
    awaitNobodyAt(source);
  }

  @Test
  void aStreamStoppedBeforeItBeganOnlySaysGoodbye() throws Exception {
    SubmissionPublisher<ClientEvent> source = new SubmissionPublisher<>();
    Collector<byte[]> client = new Collector<>(Long.MAX_VALUE);
    ClientStream<ClientEvent> stream =
        ClientStream.of(source, QUIET.closing(ClientEvent.of(null, "bye")), timer);
    stream.stop();
    stream.subscribe(client);
    assertEquals("complete", client.awaitEnd());
    assertEquals("data: bye\n\n", text(client));
    awaitNobodyAt(source);
  }

  @Test
  void aSourceOrTransformThatFailsIsAnErrorEvent() throws Exception {
    Collector<byte[]> broken = new Collector<>(Long.MAX_VALUE);
    new ClientStream<Integer>(
            Sources.poll(
                () -> {
                  throw new IllegalStateException("out of\nnumbers");
                },
                Duration.ZERO,
                timer),
            n -> ClientEvent.of(null, n),
            QUIET,
            timer)
        .subscribe(broken);
    assertEquals("complete", broken.awaitEnd());
    assertEquals("event: error\ndata: out of\ndata: numbers\n\n", text(broken));

    Collector<byte[]> transformed = new Collector<>(Long.MAX_VALUE);
    new ClientStream<>(numbers(3), n -> ClientEvent.of(null, 10 / (1 - n)), QUIET, timer)
        .subscribe(transformed);
    assertEquals("complete", transformed.awaitEnd());
    assertEquals("data: 10\n\nevent: error\ndata: / by zero\n\n", text(transformed));
  }

  @Test
  void silenceIsFilledWithHeartbeats() throws Exception {
    Collector<byte[]> client = new Collector<>(Long.MAX_VALUE);
    ClientStream.of(new SubmissionPublisher<>(), QUIET.heartbeat(Duration.ofMillis(20)), timer)
        .subscribe(client);
    client.await(values -> values.size() == 3);
    assertTrue(text(client).startsWith(": heartbeat\n\n: heartbeat\n\n: heartbeat\n\n"));
  }

  @Test
  void aSourceThatGivesNothingForTheTimeoutEndsIt() throws Exception {
    Collector<byte[]> client = new Collector<>(Long.MAX_VALUE);
    SubmissionPublisher<ClientEvent> source = new SubmissionPublisher<>();
    ClientStream.of(source, QUIET.timeout(Duration.ofMillis(50)), timer).subscribe(client);
    assertEquals("complete", client.awaitEnd());
    awaitNobodyAt(source);
  }

  @Test
  void anIntervalLiesBetweenTheItemsOfAList() throws Exception {
    Collector<Integer> collector = new Collector<>(Long.MAX_VALUE);
    long begin = System.nanoTime();
    Sources.iterate(List.of(1, 2, 3), Duration.ofMillis(60), timer).subscribe(collector);
    assertEquals("complete", collector.awaitEnd());
    assertEquals(List.of(1, 2, 3), collector.values());
    assertTrue(System.nanoTime() - begin >= Duration.ofMillis(120).toNanos());
  }

  @Test
  void aTransformedSourceStillGivesWhatWasAskedFor() throws Exception {
    Collector<String> collector = new Collector<>(2);
    Sources.<Integer, String>transform(numbers(10), n -> n % 3 == 0 ? "n" + n : null)
        .subscribe(collector);
    assertEquals(List.of("n0", "n3"), collector.await(values -> values.size() == 2));
    collector.request(5);
    assertEquals("complete", collector.awaitEnd());
    assertEquals(List.of("n0", "n3", "n6", "n9"), collector.values());
  }

  @Test
  void aThrottledSourceKeepsTheLatestOfEachKeyAndTheEnd() throws Exception {
    SubmissionPublisher<String> source = new SubmissionPublisher<>(Runnable::run, 16);
    Collector<String> collector = new Collector<>(Long.MAX_VALUE);
    Sources.throttle(
            source, ThrottlePolicy.every(Duration.ofHours(1)), text -> text.charAt(0), timer)
        .subscribe(collector);
    for (String text : List.of("a1", "a2", "b1", "a3")) {
      source.submit(text);
    }
    collector.await(values -> values.equals(List.of("a1")));
    source.close();
    assertEquals("complete", collector.awaitEnd());
    assertEquals(List.of("a1", "b1", "a3"), collector.values());
  }

  @Test
  void aThrottledSourceTicks() throws Exception {
    SubmissionPublisher<Integer> source = new SubmissionPublisher<>();
    Collector<Integer> collector = new Collector<>(Long.MAX_VALUE);
    Sources.throttle(source, ThrottlePolicy.every(Duration.ofMillis(30)), n -> "one key", timer)
        .subscribe(collector);
    IntStream.rangeClosed(1, 200).forEach(source::submit);
    List<Integer> seen = collector.await(values -> values.contains(200));
    assertTrue(seen.size() < 100, seen.toString());
    assertEquals(seen.stream().sorted().toList(), seen);
  }

  @Test
  void manyThreadsGetOneValueAtATime() throws Exception {
    Collector<byte[]> client = new Collector<>(1);
    SubmissionPublisher<ClientEvent> source = new SubmissionPublisher<>();
    ClientStream.of(source, QUIET.heartbeat(Duration.ofMillis(1)), timer).subscribe(client);
    CompletableFuture<Void> asking =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 2000; i++) {
                client.request(1);
              }
            });
    for (int i = 0; i < 500; i++) {
      source.submit(ClientEvent.of("n", i));
    }
    asking.get(20, TimeUnit.SECONDS);
    client.request(1000);
    source.close();
    assertEquals("complete", client.awaitEnd());
    List<String> numbers =
        client.values().stream()
            .map(b -> new String(b, StandardCharsets.UTF_8))
            .filter(t -> t.startsWith("event: n"))
            .toList();
    assertEquals(
        IntStream.range(0, 500).mapToObj(i -> "event: n\ndata: " + i + "\n\n").toList(), numbers);
  }
}
