package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 without TLS, as a proxy speaks it, beside HTTP/1.1 on one port. */
class Http2ClearTextTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String NO_SETTINGS = "\0\0\0\4\0\0\0\0\0";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private HttpClientRequest request(FrontNode node, HttpMethod method, String target) {
    return await(client.request(method, node.uri().getPort(), "localhost", target));
  }

  /** A stream, and what it has brought. */
  private record Listener(HttpClientRequest request, Buffer buffer) {
    String text() {
      synchronized (buffer) {
        return buffer.toString();
      }
    }

    void awaitText(String part) {
      Await.until(part, () -> text().contains(part));
    }
  }

  private static void received(Buffer text, Buffer part) {
    synchronized (text) {
      text.appendBuffer(part);
    }
  }

  private Listener listen(FrontNode node) {
    HttpClientRequest request = request(node, HttpMethod.GET, "/events?topic=t");
    Buffer text = Buffer.buffer();
    // What comes before there is a handler is gone, so there is one before anything is asked for.
    Future<HttpClientResponse> heard =
        request.response().onSuccess(r -> r.handler(part -> received(text, part)));
    var unused = request.end();
    HttpClientResponse response = await(heard);
    assertEquals(200, response.statusCode());
    assertEquals(HttpVersion.HTTP_2, response.version());
    Listener listener = new Listener(request, text);
    listener.awaitText("event: connected");
    return listener;
  }

  private int status(FrontNode node, HttpMethod method, String target, String type, String body) {
    HttpClientRequest request = request(node, method, target);
    request.putHeader("Content-Type", type);
    return await(request.send(Buffer.buffer(body)).compose(r -> r.body().map(r.statusCode())));
  }

  @Test
  void streamsShareAConnectionAndEndAlone() {
    try (FrontNode node = FrontNode.start(List.of("--max-body=2KiB", "--body-timeout=500ms"))) {
      Listener one = listen(node);
      Listener other = listen(node);
      assertEquals(one.request.connection(), other.request.connection());
      assertEquals(
          200,
          status(
              node,
              HttpMethod.POST,
              "/events",
              "application/json",
              "{\"topic\":\"t\",\"data\":1}"));
      one.awaitText("data: 1\n\n");
      other.awaitText("data: 1\n\n");
      // What ends a connection of HTTP/1.1 ends one stream of this one.
      assertEquals(413, status(node, HttpMethod.POST, "/events", "text/plain", "x".repeat(5000)));
      assertEquals(400, status(node, HttpMethod.POST, "/events", "application/json", "{"));
      HttpClientRequest slow = request(node, HttpMethod.POST, "/events");
      slow.putHeader("Content-Type", "text/plain").setChunked(true);
      var unused = slow.write("x");
      assertEquals(408, await(slow.response()).statusCode());
      await(one.request.reset().mapEmpty().otherwiseEmpty());
      node.publish("t", "after");
      other.awaitText("data: after\n\n");
      Await.until(
          "one gone", () -> node.status().path("node").path("connected_clients").asInt() == 1);
    }
  }

  @Test
  void whoSaysNothingOrNotEnoughIsClosedInTime() throws Exception {
    try (FrontNode node = FrontNode.start(List.of("--head-timeout=500ms"))) {
      for (String start :
          List.of("", "P", "PRI * HT", "POST /eve", PREFACE, PREFACE + NO_SETTINGS)) {
        long begin = System.nanoTime();
        String answer = untilEnd(node, start);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis >= 400 && millis < 3_000, start + ": " + millis + " ms");
        assertEquals(!start.startsWith(PREFACE), answer.startsWith("HTTP/1.1 408 "), answer);
      }
    }
  }

  @Test
  void whatIsNotThePrefaceIsHttp1HoweverItArrives() throws Exception {
    try (FrontNode node = FrontNode.start(List.of())) {
      for (String method : List.of("GET", "POST", "PUT", "PRI", "PROPFIND")) {
        String head = method + " /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket("localhost", node.uri().getPort())) {
          socket.setSoTimeout(5_000);
          socket.setTcpNoDelay(true);
          for (byte b : head.getBytes(StandardCharsets.US_ASCII)) {
            socket.getOutputStream().write(b);
          }
          String answer =
              new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          assertTrue(answer.startsWith("HTTP/1.1 404 "), method + ": " + answer);
        }
      }
    }
  }

  @Test
  void anUpgradeIsNotNeededAndIgnored() throws Exception {
    try (FrontNode node = FrontNode.start(List.of("--idle-timeout=200ms"))) {
      String answer =
          untilEnd(
              node,
              """
              GET /health/live HTTP/1.1
              Host: localhost
              Upgrade: h2c
              Connection: Upgrade, HTTP2-Settings
              HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA

              """
                  .replace("\n", "\r\n"));
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
    }
  }

  @Test
  void anIdleConnectionEndsUnlessItHasAStream() {
    try (FrontNode node = FrontNode.start(List.of("--idle-timeout=500ms", "--heartbeat=200ms"))) {
      assertEquals(200, status(node, HttpMethod.GET, "/status", "text/plain", ""));
      HttpClientRequest first = request(node, HttpMethod.GET, "/health/live");
      CompletableFuture<Boolean> closed = new CompletableFuture<>();
      first.connection().closeHandler(gone -> closed.complete(true));
      assertEquals(200, await(first.send()).statusCode());
      assertTrue(closed.orTimeout(5, TimeUnit.SECONDS).join());

      Listener listener = listen(node);
      long opened = System.nanoTime();
      Await.until("time", () -> System.nanoTime() - opened > Duration.ofMillis(1500).toNanos());
      node.publish("t", "still here");
      listener.awaitText("data: still here\n\n");
      assertFalse(listener.text().contains("closing"));
    }
  }

  private static String untilEnd(FrontNode node, String bytes) throws IOException {
    try (Socket socket = new Socket("localhost", node.uri().getPort())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder answer = new StringBuilder();
      try {
        for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
          answer.append((char) b);
        }
      } catch (SocketException reset) {
        // Ended as well.
      } catch (SocketTimeoutException open) {
        answer.append("(not ended)");
      }
      return answer.toString();
    }
  }
}
