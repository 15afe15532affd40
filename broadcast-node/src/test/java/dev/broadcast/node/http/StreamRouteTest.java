package dev.broadcast.node.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.node.hub.Format;
import dev.broadcast.node.hub.Hub.Admission;
import dev.broadcast.node.hub.StreamRequest;
import dev.broadcast.node.hub.StreamRequest.Start;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamRouteTest {
  private FakeHub hub;
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    hub = new FakeHub();
    node = new TestNode(hub);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private StreamRequest asked(String target, String... headers) throws Exception {
    hub.admitted.clear();
    try (var client = new RawClient(node.port())) {
      client.send(HostileCases.get(target, headers));
      assertEquals(200, client.answer().status());
    }
    return hub.admitted.get(0);
  }

  @Test
  void aStreamHasTheHeadersThatKeepProxiesFromBufferingAndCaching() throws Exception {
    hub.admission = r -> new Admission.Granted(r, "global_1", "e.g.0.5");
    try (var client = new RawClient(node.port())) {
      client.send(HostileCases.get("/events", "Last-Event-ID: e.g.0.5"));
      var answer = client.answer();
      assertEquals(200, answer.status());
      assertEquals("text/event-stream", answer.headers().get("content-type"));
      assertEquals("no-store, no-transform", answer.headers().get("cache-control"));
      assertEquals("no", answer.headers().get("x-accel-buffering"));
      assertEquals("e.g.0.5", answer.headers().get("last-event-id"));
      assertNull(answer.headers().get("access-control-allow-origin"));
      assertEquals("id: c1", client.line());
      assertEquals("event: connected", client.line());
    }
  }

  @Test
  void aStreamOutlivesTheTimeThatItsHeadHad() throws Exception {
    try (var client = new RawClient(node.port())) {
      client.send(HostileCases.get("/events"));
      client.answer();
      client.line();
      client.send("bytes that a client should not send");
      client.socket.setSoTimeout(1_500);
      org.junit.jupiter.api.Assertions.assertThrows(
          java.net.SocketTimeoutException.class,
          () -> {
            while (!client.ends()) {}
          });
    }
  }

  @Test
  void whatIsAskedForArrivesAtTheHub() throws Exception {
    StreamRequest request =
        asked(
            "/events?topic=a&topic=b/c&topic=a&type=t&type=message&target=1&kind=job&id=x%20y"
                + "&format=message&history=5&meta.user=J%C3%BCrgen&meta.empty=");
    assertEquals(Set.of("a", "b/c"), Set.copyOf(request.topics()));
    assertEquals(2, request.topics().size());
    assertEquals(Set.of("t", "message"), request.types());
    assertEquals(Set.of("1"), request.targets());
    assertEquals("job", request.kind());
    assertEquals("x y", request.id());
    assertEquals(Format.MESSAGE, request.format());
    assertEquals(new Start.Last(5), request.start());
    assertEquals(Map.of("user", "Jürgen", "empty", ""), request.metadata());
    assertEquals("", request.credential());
  }

  @Test
  void withoutParametersItIsTheLiveStreamOfGlobal() throws Exception {
    StreamRequest request = asked("/events");
    assertEquals(List.of("global"), request.topics());
    assertEquals("global", request.kind());
    assertNull(request.id());
    assertEquals(Format.DATA, request.format());
    assertEquals(new Start.Now(), request.start());
    assertEquals(new Start.Now(), asked("/events?history=0").start());
  }

  @Test
  void theHeaderWinsOverTheUrlAndACursorOverHistory() throws Exception {
    assertEquals(
        new Start.After("h"), asked("/events?lastEventId=q&history=3", "Last-Event-ID: h").start());
    assertEquals(new Start.After("q"), asked("/events?lastEventId=q&history=3").start());
    assertEquals(new Start.After("q"), asked("/events?last_event_id=q").start());
    assertEquals(new Start.After("q"), asked("/events?lastEventId=q&last_event_id=r").start());
    assertEquals(
        new Start.Last(3), asked("/events?lastEventId=&history=3", "Last-Event-ID:").start());
    assertEquals(new Start.Earliest(), asked("/events?lastEventId=earliest").start());
    assertEquals(new Start.Earliest(), asked("/events", "Last-Event-ID: earliest").start());
  }

  @Test
  void aCursorFarTooLongReachesTheHubWhichAnswersReset() throws Exception {
    String longCursor = "x".repeat(20_000);
    assertEquals(
        new Start.After(longCursor), asked("/events", "Last-Event-ID: " + longCursor).start());
  }

  @Test
  void anEventSourceThatCannotBeServedNowKeepsItsCursorAndComesBack() throws Exception {
    hub.admission = r -> new Admission.NotNow("draining", "this node is about to end");
    var answer =
        RawClient.exchange(
            node.port(),
            HostileCases.get("/events", "Accept: text/event-stream", "Last-Event-ID: e.g.0.9"));
    assertEquals(200, answer.status());
    assertEquals("text/event-stream", answer.headers().get("content-type"));
    assertEquals("e.g.0.9", answer.headers().get("last-event-id"));
    String closing = "id: e.g.0.9\nevent: closing\ndata: \\{\"reason\":\"draining\"}\n\n";
    assertTrue(answer.body().matches("retry: [1-4][0-9]{3}\n\n" + closing), answer.body());
    assertEquals(0, hub.forgotten.get());
  }

  @Test
  void anybodyElseIsToldByTheStatus() throws Exception {
    hub.admission = r -> new Admission.NotNow("draining", "this node is about to end");
    var draining = RawClient.exchange(node.port(), HostileCases.get("/events", "Accept: */*"));
    assertEquals(503, draining.status());
    assertEquals("1", draining.headers().get("retry-after"));
    hub.admission = r -> new Admission.NotNow("limit", "too many connections");
    var limit = RawClient.exchange(node.port(), HostileCases.get("/events"));
    assertEquals(429, limit.status());
    assertEquals("1", limit.headers().get("retry-after"));
  }

  @Test
  void anIdInUseIsAConflict() throws Exception {
    hub.admission = r -> new Admission.IdInUse(String.valueOf(r.id()));
    var answer = RawClient.exchange(node.port(), HostileCases.get("/events?id=me"));
    assertEquals(409, answer.status());
    assertTrue(answer.body().contains("\"field\":\"id\""), answer.body());
  }

  @Test
  void anAdmissionIsGivenBackWhenItsClientHasLeft() throws Exception {
    var pending = new CompletableFuture<Admission>();
    hub.pending = pending;
    var client = new RawClient(node.port());
    client.send(HostileCases.get("/events"));
    await().until(() -> !hub.admitted.isEmpty());
    client.close();
    hub.pending = null;
    // The node has seen that one go once it has served another to its end.
    await()
        .until(
            () -> {
              RawClient.exchange(node.port(), HostileCases.get("/health/live"));
              return true;
            });
    pending.complete(new Admission.Granted(hub.admitted.get(0), "global_1", null));
    await().until(() -> hub.forgotten.get() == 1);
  }

  @Test
  void headShowsTheHeadersAndOpensNothing() throws Exception {
    var answer = RawClient.exchange(node.port(), HostileCases.call("HEAD", "/events"));
    assertEquals(200, answer.status());
    assertEquals("text/event-stream", answer.headers().get("content-type"));
    assertTrue(hub.admitted.isEmpty());
    var options = RawClient.exchange(node.port(), HostileCases.call("OPTIONS", "/events"));
    assertEquals(204, options.status());
    assertEquals("GET, HEAD, OPTIONS, POST", options.headers().get("allow"));
    assertFalse(options.headers().containsKey("access-control-allow-origin"));
  }
}
