package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.broadcast.e2e.Publisher.Draft;
import dev.broadcast.e2e.Sent.Outcome;
import dev.broadcast.testing.Http;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What users see while Redis is away, and when it comes back as another than it was. */
@Timeout(60)
class RedisFaultIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String TOPIC = "orders";

  /** A machine busy with other tests is late by itself. */
  private static final Duration SLACK = Duration.ofMillis(500);

  @TempDir Path directory;

  private final Ledger ledger = new Ledger();
  private final List<SseClient> clients = new ArrayList<>();
  private Cluster cluster;
  private Publisher publisher;

  @BeforeEach
  void start() {
    cluster = Cluster.start(directory, 2);
    publisher = cluster.publisher("p", 0, ledger);
  }

  @AfterEach
  void stop() {
    clients.forEach(SseClient::close);
    cluster.close();
  }

  @Test
  void publishingAnswers503Within2sAndIsBackWithin1s() throws IOException {
    SseClient live = listen("live", "");
    cluster.redis().kill();

    Http.Answer refused = cluster.http().post(cluster.uri(0), "/events", body("gone"), Map.of());
    assertEquals(503, refused.status(), refused.text());
    assertTrue(refused.took().compareTo(Duration.ofSeconds(2).plus(SLACK)) < 0, refused.toString());
    assertFalse(refused.header("Retry-After").isEmpty(), refused.toString());
    assertTrue(refused.header("Content-Type").startsWith("application/problem+json"));
    assertTrue(List.of("no", "unknown").contains(refused.json().path("stored").asText()));
    cluster.awaitHealth(cluster.uri(0), "/health/ready", 503, SOON);
    assertEquals(200, cluster.http().get(cluster.uri(0), "/health/live").status());
    SseClient newcomer = open("newcomer", "");
    // Long before the first heartbeat, which is a comment as well.
    newcomer.await("comment", Duration.ofSeconds(5), seen -> !seen.comments().isEmpty());

    cluster.redis().restart();
    long serving = System.nanoTime();
    Sent back = publisher.publish(new Draft(TOPIC));
    Duration took = Duration.ofNanos(System.nanoTime() - serving);
    assertTrue(took.compareTo(Duration.ofSeconds(1).plus(SLACK)) < 0, "back after " + took);
    System.out.println("publishing is back " + took.toMillis() + " ms after Redis");

    for (SseClient client : List.of(live, newcomer)) {
      client.await("the message", SOON, seen -> seen.has(back.data()));
      assertEquals(List.of(back.data()), client.seen().data());
      assertEquals(1, client.seen().connectionCount(), "no stream is closed for Redis' sake");
      assertEquals(List.of(), client.seen().resets());
    }
  }

  @Test
  void pausedRedisPublishesNoGhosts() throws IOException {
    SseClient live = listen("live", "");
    Sent before = publisher.publish(new Draft(TOPIC));
    cluster.redis().pause();
    Http.Answer refused = cluster.http().post(cluster.uri(0), "/events", body("ghost"), Map.of());
    assertEquals(503, refused.status(), refused.text());
    assertTrue(refused.took().compareTo(Duration.ofSeconds(2).plus(SLACK)) < 0, refused.toString());

    cluster.redis().resume();
    Sent after = publisher.publish(new Draft(TOPIC));

    live.await("what came after", SOON, seen -> seen.has(after.data()));
    assertEquals(List.of(before.data(), after.data()), live.seen().data());
    assertEquals(List.of(), live.seen().resets());
    assertEquals(1, live.seen().connectionCount());
    String history = cluster.http().get(cluster.uri(1), "/history?topic=" + TOPIC).text();
    assertFalse(history.contains("ghost"), history);
    assertTrue(history.contains(after.data()), history);
  }

  @Test
  void redisRestartedEmptyIsToldByReset() throws IOException {
    SseClient live = listen("live", "");
    List<Sent> old = publish(5);
    awaitLast(live, old);
    String cursor = live.lastEventId();

    cluster.redis().restartEmpty();
    List<Sent> fresh = publish(3);

    awaitLast(live, fresh);
    assertEquals(1, live.seen().connectionCount(), "told on the open stream");
    assertResetBetween(live, old, fresh);

    SseClient returning = open("returning", cursor);
    awaitLast(returning, fresh);
    SeenByClient seen = returning.seen();
    assertEquals(1, seen.resets().size(), seen.toString());
    assertEquals(cursor, told(seen).path("last_event_id").asText());
    assertEquals(data(fresh), seen.data());
  }

  @Test
  void lostTailIsToldByReset() throws IOException {
    SseClient live = listen("live", "");
    List<Sent> kept = publish(5);
    awaitLast(live, kept);
    Path copy = cluster.redis().copyData();
    List<Sent> lost = publish(5);
    awaitLast(live, lost);

    cluster.redis().restartFrom(copy);
    List<Sent> fresh = publish(3);

    awaitLast(live, fresh);
    var before = new ArrayList<>(kept);
    before.addAll(lost);
    assertResetBetween(live, before, fresh);

    // Its cursor lies before the fork, in what both pasts share: nothing to be told.
    SseClient early = open("early", kept.get(2).id());
    awaitLast(early, fresh);
    assertEquals(List.of(), early.seen().resets());
    var after = new ArrayList<>(data(kept.subList(3, 5)));
    after.addAll(data(fresh));
    assertEquals(after, early.seen().data());

    // The numbers of the lost ones come again for others; the cursor must not be taken for those.
    SseClient late = open("late", lost.get(2).id());
    awaitLast(late, fresh);
    assertEquals(1, late.seen().resets().size(), late.seen().toString());
    assertTrue(late.seen().data().containsAll(data(fresh)), late.seen().toString());
    assertEquals(List.copyOf(new LinkedHashSet<>(late.seen().data())), late.seen().data());
  }

  /** The old ones, one reset that names the topic, the new ones: each once, in order. */
  private void assertResetBetween(SseClient client, List<Sent> before, List<Sent> after)
      throws IOException {
    SeenByClient seen = client.seen();
    var expected = new ArrayList<>(data(before));
    expected.add("reset");
    expected.addAll(data(after));
    assertEquals(
        expected,
        seen.events().stream()
            .filter(event -> !event.type().equals("connected"))
            .map(event -> event.type().equals("reset") ? "reset" : event.data())
            .toList());
    assertFalse(told(seen).path("reason").asText().isEmpty());
    assertEquals("[\"" + TOPIC + "\"]", told(seen).path("topics").toString());
  }

  private static JsonNode told(SeenByClient seen) throws IOException {
    return new ObjectMapper().readTree(seen.resets().get(0).data());
  }

  private List<Sent> publish(int count) {
    var sent = new ArrayList<Sent>();
    for (int i = 0; i < count; i++) {
      sent.add(publisher.publish(new Draft(TOPIC)));
      assertEquals(Outcome.ACKNOWLEDGED, sent.get(i).outcome());
    }
    return sent;
  }

  private static List<String> data(List<Sent> sent) {
    return sent.stream().map(Sent::data).toList();
  }

  private static void awaitLast(SseClient client, List<Sent> sent) {
    String last = sent.get(sent.size() - 1).data();
    client.await(last, SOON, seen -> seen.has(last));
  }

  private SseClient listen(String name, String cursor) {
    return open(name, cursor).awaitConnected();
  }

  /** On the node that is not published to. */
  private SseClient open(String name, String cursor) {
    List<URI> node = List.of(cluster.uri(1));
    SseClient client = Subscription.to(node, name, TOPIC).after(cursor).start();
    clients.add(client);
    return client;
  }

  private static Map<String, Object> body(String data) {
    return Map.of("topic", TOPIC, "data", data);
  }
}
