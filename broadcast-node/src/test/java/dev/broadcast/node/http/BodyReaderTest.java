package dev.broadcast.node.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies and heads on a socket that stays open: what is read, what is closed, what is not. */
class BodyReaderTest {
  private static final String HEAD =
      "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
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

  @Test
  void aConnectionServesOneRequestAfterTheOtherAlsoPipelined() throws Exception {
    try (var client = new RawClient(node.port())) {
      String one = HostileCases.json("{\"data\":1}");
      client.send(one + one + HostileCases.json("{") + one);
      assertEquals(200, client.answer().status());
      assertEquals(200, client.answer().status());
      assertEquals(400, client.answer().status());
      assertEquals(200, client.answer().status());
    }
    assertEquals(3, hub.published.size());
  }

  @Test
  void chunksAreJoinedHoweverTheyArrive() throws Exception {
    try (var client = new RawClient(node.port())) {
      client.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
      for (String piece :
          List.of("4\r", "\n{\"da\r\n", "6\r\nta\":12\r\n1\r\n}\r\n", "0\r\n", "\r\n")) {
        client.send(piece);
        client.socket.getOutputStream().flush();
      }
      assertEquals(200, client.answer().status());
    }
    assertEquals("12", hub.published.get(0).data().content());
  }

  @Test
  void aClientThatAsksBeforeSendingIsTold() throws Exception {
    try (var client = new RawClient(node.port())) {
      client.send(HEAD + "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n");
      assertEquals(100, client.answer().status());
      client.send("{\"data\":1}");
      assertEquals(200, client.answer().status());
    }
    try (var client = new RawClient(node.port())) {
      client.send(HEAD + "Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
      assertEquals(413, client.answer().status());
    }
    try (var client = new RawClient(node.port())) {
      client.send(
          HEAD.replace("application/json", "a/b")
              + "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n");
      assertEquals(415, client.answer().status());
    }
  }

  @Test
  void afterWhatCannotBeReadOnTheConnectionEnds() throws Exception {
    for (String request :
        List.of(
            HEAD + "Content-Length: 99999999\r\n\r\n",
            HEAD + "Content-Length: 10\r\n\r\n{",
            HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /status HTTP/1.1\r\nHost: local",
            "GET /status HTTP/1.1\r\nHost: localhost\r\nX-A: " + "a".repeat(40_000) + "\r\n\r\n")) {
      try (var client = new RawClient(node.port())) {
        client.send(request);
        var answer = client.answer();
        assertTrue(answer.status() >= 400, request);
        assertEquals("close", answer.headers().get("connection"), request);
        assertTrue(client.ends(), request);
      }
    }
    assertEquals(200, RawClient.exchange(node.port(), HostileCases.get("/status")).status());
  }

  @Test
  void aBodyThatBreaksOffIsToldSoAndPublishesNothing() throws Exception {
    for (String request :
        List.of(
            HEAD + "Content-Length: 11\r\n\r\n{\"data\":1}",
            HEAD + "Content-Length: 11\r\n\r\n",
            HEAD + "Transfer-Encoding: chunked\r\n\r\na\r\n{\"data\":1}\r\n",
            HEAD + "Transfer-Encoding: chunked\r\n\r\na\r\n{\"da")) {
      try (var client = new RawClient(node.port())) {
        client.send(request);
        client.socket.shutdownOutput();
        assertEquals(400, client.answer().status(), request);
        assertTrue(client.ends(), request);
      }
    }
    assertEquals(200, RawClient.exchange(node.port(), HostileCases.get("/status")).status());
    assertEquals(List.of(), hub.published);
  }

  @Test
  void aClientThatEndsItsSideAfterAskingStillGetsItsAnswer() throws Exception {
    hub.pendingPublish = new CompletableFuture<>();
    try (var client = new RawClient(node.port())) {
      client.send(HostileCases.json("{\"data\":1}"));
      client.socket.shutdownOutput();
      await().until(() -> hub.published.size() == 1);
      // Another request shows that the node had time to see the end of that one's side.
      assertEquals(200, RawClient.exchange(node.port(), HostileCases.get("/status")).status());
      hub.pendingPublish.complete(null);
      assertEquals(200, client.answer().status());
      assertTrue(client.ends());
    }
  }

  @Test
  void aHeadThatBreaksOffOrAConnectionThatEndsIsClosed() throws Exception {
    for (String begun : List.of("", "GET /sta", HostileCases.get("/status"))) {
      try (var client = new RawClient(node.port())) {
        client.send(begun);
        client.socket.shutdownOutput();
        if (begun.endsWith("\r\n\r\n")) {
          assertEquals(200, client.answer().status());
        }
        assertTrue(client.ends(), begun);
      }
    }
  }

  @Test
  void aStreamEndsWhenItsClientEndsItsSide() throws Exception {
    try (var client = new RawClient(node.port())) {
      client.send(HostileCases.get("/events"));
      client.answer();
      assertEquals("id: c1", client.line());
      client.socket.shutdownOutput();
      while (!client.ends()) {}
    }
    try (var client = new RawClient(node.port())) {
      client.send(HostileCases.get("/events"));
      client.socket.shutdownOutput();
      client.answer();
      while (!client.ends()) {}
    }
  }

  @Test
  void aHeadThatDripsIsEndedAlthoughBytesKeepComing() throws Exception {
    try (var client = new RawClient(node.port())) {
      client.socket.setSoTimeout(50);
      String head = "GET /status HTTP/1.1\r\nX-A: " + "a".repeat(200);
      RawClient.Answer answer = null;
      for (int i = 0; i < head.length() && answer == null; i++) {
        client.send(head.substring(i, i + 1));
        try {
          answer = client.answer();
        } catch (java.net.SocketTimeoutException notYet) {
          // The next byte.
        }
      }
      assertEquals(408, answer == null ? 0 : answer.status());
      assertTrue(client.ends());
    }
  }

  @Test
  void aForeignVersionIsToldSoAlsoWhenItComesLater() throws Exception {
    try (var client = new RawClient(node.port())) {
      client.send(HostileCases.get("/status"));
      assertEquals(200, client.answer().status());
      client.send("GET /status HTTP/3.0\r\nHost: localhost\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertEquals(505, answer.status());
      assertEquals("application/problem+json", answer.headers().get("content-type"));
      assertTrue(client.ends());
    }
  }

  @Test
  void aConnectionKeptAliveMayBeQuietButNotDripItsNextHead() throws Exception {
    try (var client = new RawClient(node.port())) {
      client.send(HostileCases.get("/status"));
      assertEquals(200, client.answer().status());
      client.socket.setSoTimeout(1_200);
      org.junit.jupiter.api.Assertions.assertThrows(
          java.net.SocketTimeoutException.class, client::ends);
      client.send(HostileCases.get("/status"));
      assertEquals(200, client.answer().status());
      client.send("GET /st");
      client.socket.setSoTimeout(5_000);
      assertTrue(client.ends());
    }
  }

  @Test
  void aConnectionOnWhichNothingIsAskedForLongEnds() throws Exception {
    try (var idle = new RawClient(node.port());
        var busy = new RawClient(node.port());
        var stream = new RawClient(node.port());
        var waiting = new RawClient(node.port())) {
      // Given one that has its answer, a stream, and one whose answer takes its time
      busy.send(HostileCases.get("/status"));
      idle.send(HostileCases.get("/status"));
      stream.send(HostileCases.get("/events"));
      assertEquals(200, busy.answer().status());
      assertEquals(200, idle.answer().status());
      stream.answer();
      hub.pendingPublish = new CompletableFuture<>();
      waiting.send(HostileCases.json("{\"data\":1}"));
      // When one goes on asking and the others do not
      long start = System.nanoTime();
      await()
          .atMost(java.time.Duration.ofSeconds(6))
          .until(
              () -> {
                busy.send(HostileCases.get("/status"));
                assertEquals(200, busy.answer().status());
                return System.nanoTime() - start > 3_000_000_000L;
              });
      // Then that one alone has ended
      idle.socket.setSoTimeout(100);
      assertTrue(idle.ends());
      hub.pendingPublish.complete(null);
      assertEquals(200, waiting.answer().status());
      assertEquals("id: c1", stream.line());
      stream.socket.setSoTimeout(100);
      org.junit.jupiter.api.Assertions.assertThrows(
          java.net.SocketTimeoutException.class,
          () -> {
            while (!stream.ends()) {}
          });
    }
  }

  @Test
  void theBodyOfARequestThatHasItsAnswerIsReadToItsBoundsOnly() throws Exception {
    String unknown = "POST /nowhere HTTP/1.1\r\nHost: localhost\r\n";
    try (var client = new RawClient(node.port())) {
      client.send(unknown + "Content-Length: 20000\r\n\r\n");
      assertEquals(404, client.answer().status());
      client.send("x".repeat(20_000) + HostileCases.get("/status"));
      assertEquals(200, client.answer().status());
    }
    try (var client = new RawClient(node.port())) {
      client.send(unknown + "Transfer-Encoding: chunked\r\n\r\n");
      assertEquals(404, client.answer().status());
      client.send("5000\r\n" + "x".repeat(0x5000) + "\r\n0\r\n\r\n");
      assertTrue(client.ends(), "too much");
    }
    try (var client = new RawClient(node.port())) {
      client.send(unknown + "Content-Length: 20000\r\n\r\n");
      assertEquals(404, client.answer().status());
      client.send("x");
      assertTrue(client.ends(), "too slow");
    }
  }
}
