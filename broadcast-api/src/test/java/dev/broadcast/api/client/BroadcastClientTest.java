package dev.broadcast.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.BroadcastResult.Published;
import dev.broadcast.api.broadcaster.NotPublishedException;
import dev.broadcast.api.broadcaster.NotPublishedException.Stored;
import dev.broadcast.api.broadcaster.PublishOptions;
import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.stream.StreamEvent;
import dev.broadcast.api.stream.StreamEvent.Delivered;
import dev.broadcast.api.stream.StreamEvent.Interrupted;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the client makes of answers, against a node that says what the test wants. */
class BroadcastClientTest {
  private static final Message MESSAGE = Message.builder("update", "a").build();
  private static final String STORED =
      "{\"id\":\"e.1\",\"topic\":\"global\",\"timestamp\":\"2026-03-01T09:30:00.005Z\"}";
  private static final String CONNECTED =
      "id: e.0\nevent: connected\ndata: {\"connection_id\":\"c\",\"node\":\"n\",\"topics\":[\"global\"],"
          + "\"heartbeat_interval\":15.0}\n\n";

  private final BlockingQueue<StreamEvent> seen = new LinkedBlockingQueue<>();

  private static BroadcastClient client(URI... nodes) {
    return new BroadcastClient(
        ClientSettings.of(nodes)
            .key("secret")
            .timeouts(Duration.ofSeconds(2), Duration.ofSeconds(10))
            .backoff(Duration.ofMillis(5), Duration.ofMillis(50)));
  }

  private static String message(int n) {
    return "id: e."
        + n
        + "\ndata: {\"id\":\"e."
        + n
        + "\",\"topic\":\"global\",\"data\":"
        + n
        + ",\"timestamp\":\"2026-03-01T09:30:00.005Z\"}\n\n";
  }

  private StreamEvent next() throws InterruptedException {
    StreamEvent event = seen.poll(20, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("no event came");
    }
    return event;
  }

  private void expectMessage(int n) throws InterruptedException {
    StreamEvent event = next();
    while (!(event instanceof Delivered)) {
      event = next();
    }
    assertEquals("e." + n, ((Delivered) event).cursor());
  }

  private static <E extends Throwable> E failure(Class<E> type, CompletableFuture<?> future) {
    CompletionException failed =
        assertThrows(
            CompletionException.class, () -> future.orTimeout(20, TimeUnit.SECONDS).join());
    return assertThrows(
        type,
        () -> {
          throw failed.getCause();
        });
  }

  @Test
  void publishesAgainUnderTheSameKeyUntilItIsAnswered() throws Exception {
    try (ScriptedNode node =
            new ScriptedNode(
                "",
                ScriptedNode.answer(502, "", "<html>bad gateway</html>"),
                ScriptedNode.answer(503, "Retry-After: 1\r\n", "{\"stored\":\"no\"}"),
                ScriptedNode.answer(200, "", STORED));
        BroadcastClient client = client(node.uri())) {
      long begin = System.nanoTime();
      Published published = client.publish(MESSAGE).join();

      assertEquals("e.1", published.id());
      assertTrue(System.nanoTime() - begin >= 1_000_000_000, "Retry-After is honoured");
      String first = node.request();
      assertTrue(first.startsWith("POST /events HTTP/1.1\n"), first);
      assertTrue(first.contains("Authorization: Bearer secret\n"), first);
      assertTrue(
          first.endsWith("{\"topic\":\"global\",\"type\":\"update\",\"data\":\"a\"}"), first);
      String key = key(first);
      for (int i = 0; i < 3; i++) {
        assertEquals(key, key(node.request()));
      }
    }
  }

  /** Where nobody listens. */
  private static URI nobody() throws IOException {
    try (ServerSocket closed = new ServerSocket(0)) {
      return URI.create("http://127.0.0.1:" + closed.getLocalPort());
    }
  }

  private static String key(String request) {
    return request
        .lines()
        .filter(line -> line.startsWith("Idempotency-Key:"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRefusalIsFinalAndNamesTheField() throws Exception {
    try (ScriptedNode node =
            new ScriptedNode(
                ScriptedNode.answer(
                    422, "", "{\"status\":422,\"detail\":\"not registered\",\"field\":\"type\"}"));
        BroadcastClient client = client(node.uri())) {
      RefusedException refused = failure(RefusedException.class, client.publish(MESSAGE));
      assertEquals(422, refused.status());
      assertEquals("type", refused.field());
      assertEquals("422 type: not registered", refused.getMessage());
    }
  }

  @Test
  void whatWasNotTakenInTimeSaysWhetherItMayBeStored() throws Exception {
    try (ScriptedNode lost = new ScriptedNode()) {
      URI closed = nobody();
      for (URI uri : List.of(closed, lost.uri())) {
        Duration patience = Duration.ofMillis(uri.equals(closed) ? 1000 : 5000);
        try (BroadcastClient client =
            new BroadcastClient(
                ClientSettings.of(uri)
                    .timeouts(Duration.ofSeconds(1), patience)
                    .backoff(Duration.ofMillis(5), Duration.ofMillis(50)))) {
          NotPublishedException failed =
              failure(NotPublishedException.class, client.publish(MESSAGE));
          assertEquals(uri.equals(closed) ? Stored.NO : Stored.UNKNOWN, failed.stored());
        }
      }
      assertTrue(lost.unseen() > 1);
    }
  }

  @Test
  void whatIsGivenUpWhileItConnectsIsNotStoredAndNotSentLater() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, here);
        BroadcastClient client =
            new BroadcastClient(
                ClientSettings.of(
                        URI.create("http://" + here.getHostAddress() + ":" + full.getLocalPort()))
                    .timeouts(Duration.ofSeconds(20), Duration.ofMillis(500)))) {
      // Given a node whose queue of connections is full: the kernel drops what else asks for one
      for (int i = 0; i < 2; i++) {
        waiting.add(new Socket(here, full.getLocalPort()));
      }

      // When a message is given up before there is a connection
      NotPublishedException failed = failure(NotPublishedException.class, client.publish(MESSAGE));

      // Then it is known not to be stored, also when the connection comes after all
      assertEquals(Stored.NO, failed.stored(), failed.toString());
      full.setSoTimeout(20_000);
      for (Socket ignored : waiting) {
        full.accept().close();
      }
      try (Socket late = full.accept()) {
        late.setSoTimeout(20_000);
        String sent = new String(late.getInputStream().readAllBytes(), UTF_8);
        assertFalse(sent.contains("\"topic\""), sent);
      }
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void publishesThroughTheNextNodeWhenOneIsGone() throws Exception {
    try (ScriptedNode node = new ScriptedNode(ScriptedNode.answer(200, "", STORED))) {
      try (BroadcastClient client = client(nobody(), node.uri())) {
        assertEquals(
            "e.1",
            client
                .publish(
                    MESSAGE, PublishOptions.NONE.once("mine").withReceipt(Duration.ofSeconds(1)))
                .join()
                .id());
        String request = node.request();
        assertTrue(request.startsWith("POST /events?receipt=1000ms "), request);
        assertEquals("Idempotency-Key: mine", key(request));
      }
    }
  }

  @Test
  void aBatchIsSentAgainAsLongAsSomeOfItMayStillBeStored() throws Exception {
    String refused = "{\"error\":{\"status\":400,\"detail\":\"no\",\"field\":\"metadata\"}}";
    try (ScriptedNode node =
            new ScriptedNode(
                ScriptedNode.answer(
                    207,
                    "",
                    "{\"results\":[" + STORED + ",{\"error\":{\"status\":503}}," + refused + "]}"),
                ScriptedNode.answer(
                    207, "", "{\"results\":[" + STORED + "," + STORED + "," + refused + "]}"));
        BroadcastClient client = client(node.uri())) {
      List<BatchResult> results = client.publishAll(List.of(MESSAGE, MESSAGE, MESSAGE)).join();
      assertTrue(results.get(1) instanceof BatchResult.Stored, results.toString());
      assertEquals(
          "metadata", ((BatchResult.Refused) results.get(2)).reason().field(), results.toString());
      assertEquals(key(node.request()), key(node.request()));
    }
  }

  @Test
  void listensWithAllThatWasAskedFor() throws Exception {
    try (ScriptedNode node = new ScriptedNode(ScriptedNode.stream(ScriptedNode.STAYS_OPEN));
        BroadcastClient client = client(URI.create(node.uri() + "/live/"));
        Listening listening =
            client.listen(
                SubscribeOptions.to("a", "b/c")
                    .types("x&y")
                    .targets("t")
                    .until("complete", "error")
                    .kind("job")
                    .id("é")
                    .metadata(Map.of("k", "v w"))
                    .throttle(Duration.ofMillis(500))
                    .last(3),
                seen::add)) {
      String request = node.request();
      assertTrue(
          request.startsWith(
              "GET /live/events?format=message&topic=a&topic=b%2Fc&type=x%26y&target=t"
                  + "&until=complete%2Cerror&throttle=500ms&kind=job&id=%C3%A9&meta.k=v%20w"
                  + "&history=3 HTTP/1.1\n"),
          request);
      assertTrue(request.contains("Accept: text/event-stream\n"), request);
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void comesBackAfterTheLastEventItWasGiven() throws Exception {
    try (ScriptedNode node =
            new ScriptedNode(
                ScriptedNode.stream(CONNECTED + message(1) + "id: e.7\n\n: comment\n\ndata: {cut"),
                ScriptedNode.answer(503, "", ""),
                ScriptedNode.stream(
                    CONNECTED.replace("e.0", "e.7") + message(8) + ScriptedNode.STAYS_OPEN));
        BroadcastClient client = client(node.uri());
        Listening listening = client.listen(SubscribeOptions.to().after("earliest"), seen::add)) {
      expectMessage(1);
      assertTrue(next() instanceof Interrupted);
      expectMessage(8);
      assertTrue(node.request().contains("Last-Event-ID: earliest\n"));
      assertTrue(node.request().contains("Last-Event-ID: e.7\n"));
      assertTrue(node.request().contains("Last-Event-ID: e.7\n"));
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void comesBackWhenTheNodeWantsItBack() throws Exception {
    try (ScriptedNode node =
            new ScriptedNode(
                ScriptedNode.stream(
                    CONNECTED
                        + "retry: 700\n\nevent: closing\ndata: {\"reason\":\"draining\"}\n\n"),
                ScriptedNode.stream(CONNECTED + ScriptedNode.STAYS_OPEN));
        BroadcastClient client = client(node.uri());
        Listening listening = client.listen(SubscribeOptions.to(), seen::add)) {
      next();
      node.request();
      long begin = System.nanoTime();
      assertEquals(new Interrupted("draining"), next());
      node.request();
      assertTrue(System.nanoTime() - begin >= 600_000_000, "came back too early");
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void endsWhenTheNodeSaysThatItIsOver() throws Exception {
    try (ScriptedNode node =
            new ScriptedNode(
                ScriptedNode.stream(
                    CONNECTED
                        + message(1)
                        + "event: closing\ndata: {\"reason\":\"until\"}\n\nid: e.1$\n\n"),
                ScriptedNode.answer(204, "", ""));
        BroadcastClient client = client(node.uri())) {
      for (int i = 0; i < 2; i++) {
        try (Listening listening = client.listen(SubscribeOptions.to().until("x"), seen::add)) {
          listening.ended().get(20, TimeUnit.SECONDS);
        }
      }
      assertEquals(2, node.unseen());
      assertEquals(0, seen.stream().filter(Interrupted.class::isInstance).count());
    }
  }

  @Test
  void endsWhenItIsRefusedOrReplaced() throws Exception {
    try (ScriptedNode node =
            new ScriptedNode(
                ScriptedNode.answer(401, "", "{\"status\":401,\"detail\":\"key\"}"),
                ScriptedNode.answer(
                    409, "", "{\"status\":409,\"detail\":\"in use\",\"field\":\"id\"}"),
                ScriptedNode.stream(
                    CONNECTED + "event: closing\ndata: {\"reason\":\"replaced\"}\n\n"),
                ScriptedNode.answer(200, "Content-Type: text/html\r\n", "<html>"));
        BroadcastClient client = client(node.uri())) {
      for (int status : new int[] {401, 409, 409, 200}) {
        try (Listening listening = client.listen(SubscribeOptions.to(), seen::add)) {
          assertEquals(status, failure(RefusedException.class, listening.ended()).status());
        }
      }
      assertEquals(4, node.unseen());
    }
  }

  @Test
  void tellsTheCallerOfResets() throws Exception {
    try (ScriptedNode node =
            new ScriptedNode(
                ScriptedNode.stream(
                    CONNECTED
                        + "id: e.5\nevent: reset\ndata: {\"reason\":\"trimmed\",\"last_event_id\":\"e.0\","
                        + "\"topics\":[\"a\",\"b\"]}\n\nevent: presence\ndata: {}\n\n"
                        + "event: heartbeat\ndata: {}\n\n"
                        + ScriptedNode.STAYS_OPEN));
        BroadcastClient client = client(node.uri());
        Listening listening = client.listen(SubscribeOptions.to("a", "b"), seen::add)) {
      assertEquals(new StreamEvent.Opened("c", "n", "e.0"), next());
      assertEquals(new StreamEvent.Reset("trimmed", List.of("a", "b"), "e.5"), next());
      assertEquals(new StreamEvent.Notice("presence", "{}"), next());
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void aNodeThatNeverAnswersIsGivenUp() throws Exception {
    try (ScriptedNode node =
            new ScriptedNode(
                ScriptedNode.STAYS_OPEN, ScriptedNode.stream(CONNECTED + ScriptedNode.STAYS_OPEN));
        BroadcastClient client =
            new BroadcastClient(
                ClientSettings.of(node.uri())
                    .timeouts(Duration.ofMillis(300), Duration.ofSeconds(1)));
        Listening listening = client.listen(SubscribeOptions.to(), seen::add)) {
      assertEquals(new Interrupted("no answer in time"), next());
      assertTrue(next() instanceof StreamEvent.Opened);
      assertFalse(listening.ended().isDone());
    }
  }

  @Test
  void aConsumerThatThrowsEndsItsStream() throws Exception {
    try (ScriptedNode node = new ScriptedNode(ScriptedNode.stream(CONNECTED + message(1)));
        BroadcastClient client = client(node.uri());
        Listening listening =
            client.listen(
                SubscribeOptions.to(),
                event -> {
                  throw new IllegalStateException("mine");
                })) {
      assertEquals("mine", failure(IllegalStateException.class, listening.ended()).getMessage());
    }
  }

  @Test
  void closingTheClientEndsItsStreams() throws Exception {
    try (ScriptedNode node =
        new ScriptedNode(ScriptedNode.stream(CONNECTED + ScriptedNode.STAYS_OPEN))) {
      BroadcastClient client = client(node.uri());
      Listening listening = client.listen(SubscribeOptions.to(), seen::add);
      next();
      client.close();
      listening.ended().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void settingsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> ClientSettings.of(URI.create("ftp://a")));
    assertThrows(IllegalArgumentException.class, () -> ClientSettings.of());
    assertThrows(
        IllegalArgumentException.class,
        () -> ClientSettings.of(URI.create("http://a")).deadAfter(Duration.ZERO));
  }
}
