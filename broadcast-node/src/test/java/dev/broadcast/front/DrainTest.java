package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Threads;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that is told to stop says goodbye, and its clients go on elsewhere. */
class DrainTest {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final String LARGE = "x".repeat(500_000);

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void streamsEndWithAJitteredRetryAndClosing(Setup setup) throws Exception {
    try (TestCluster cluster = TestCluster.start(setup, "--drain=3s")) {
      List<OpenStream> clients = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        clients.add(cluster.node(0).listen("topic=t&kind=job").awaitConnected());
      }
      cluster.node(0).publish("t", "last");
      clients.forEach(client -> client.awaitMessages(1));

      long start = System.nanoTime();
      CompletableFuture<Void> stopped = cluster.node(0).stop();

      for (OpenStream client : clients) {
        client.awaitEnd();
        OpenStream.Event closing = client.events().get(client.events().size() - 1);
        assertEquals("closing", closing.type());
        assertEquals("draining", closing.json().path("reason").asText());
        assertEquals(1, client.retries().size());
        assertTrue(client.raw().indexOf("retry: ") < client.raw().indexOf("event: closing"));
        assertTrue(client.raw().endsWith("\n\n"));
      }
      assertTrue(clients.stream().map(c -> c.retries().get(0)).distinct().count() > 5);
      // Paced: they do not come back all at once
      stopped.get(4, TimeUnit.SECONDS);
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(3));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void aStalledClientHoldsItUpNoLongerThanTheDrain(Setup setup) throws Exception {
    try (TestCluster cluster = TestCluster.start(setup, "--drain=2s")) {
      FrontNode node = cluster.node(0);
      OpenStream stalled = node.listen("topic=t", "", 4096).awaitConnected();
      stalled.stall();
      for (int i = 0; i < 12; i++) {
        node.publish("t", LARGE);
      }
      // When it stops while one client takes nothing
      CompletableFuture<Void> stopped = node.stop();
      // Then it is live and not ready
      Await.until("unready", () -> node.get("/health/ready").status() == 503);
      assertEquals(200, node.get("/health/live").status());
      assertFalse(stopped.isDone());
      // And a stream is told to come back, with its cursor, while others get a 503
      try (OpenStream late = node.listen("topic=t", "cursor")) {
        late.awaitEnd();
        assertEquals(200, late.status());
        assertEquals("draining", late.events().get(0).json().path("reason").asText());
        assertEquals("cursor", late.cursor());
        assertEquals(1, late.retries().size());
      }
      try (OpenStream late = OpenStream.of(node.uri(), "topic=t", Map.of("Accept", "*/*"), 0)) {
        assertEquals(503, late.status());
        assertFalse(late.header("Retry-After").isEmpty());
      }
      stopped.get(3, TimeUnit.SECONDS);
      try {
        node.get("/health/live");
        throw new AssertionError("still there");
      } catch (UncheckedIOException gone) {
        assertTrue(true);
      }
      stalled.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REDIS", "REDIS_TWO_SHARDS"})
  void whoIsSentAwayGoesOnAtAnotherNodeWithoutLoss(Setup setup) {
    try (TestCluster cluster = TestCluster.start(setup, "--drain=2s")) {
      List<OpenStream> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(cluster.node(0).listen("topic=a&topic=b").awaitConnected());
      }
      CompletableFuture<Integer> publishing =
          CompletableFuture.supplyAsync(
              () -> {
                for (int i = 0; i < 200; i++) {
                  cluster.node(1).publish(i % 2 == 0 ? "a" : "b", "m" + i);
                }
                return 200;
              },
              Threads.perTask());
      clients.get(0).awaitMessages(20);
      CompletableFuture<Void> stopped = cluster.node(0).stop();
      for (OpenStream client : clients) {
        client.awaitEnd();
        int seen = client.data().size();
        try (OpenStream next = cluster.node(1).listen("topic=a&topic=b", client.cursor())) {
          next.awaitMessages(publishing.join() - seen);
          List<String> all = new ArrayList<>(client.data());
          all.addAll(next.data());
          assertEquals(200, all.size());
          assertEquals(200, all.stream().distinct().count());
          assertEquals(List.of(), next.resets());
        }
      }
      stopped.orTimeout(5, TimeUnit.SECONDS).join();
    }
  }

  /** A body that is still arriving, and an answer that waits for somebody else. */
  @Test
  void whatWasAskedBeforeOrWhileItStopsIsAnsweredBeforeTheSocketIsClosed() throws Exception {
    try (TestCluster cluster = TestCluster.start(Setup.ALONE, "--drain=5s")) {
      FrontNode node = cluster.node(0);
      String body = "{\"data\":\"whole\"}";
      String head =
          "POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: ";
      try (Socket halfSent = new Socket(InetAddress.getLoopbackAddress(), node.uri().getPort());
          Socket kept = new Socket(InetAddress.getLoopbackAddress(), node.uri().getPort())) {
        write(kept, head + body.length() + "\r\n\r\n" + body);
        assertTrue(answer(kept).startsWith("HTTP/1.1 200 "));
        write(halfSent, head + body.length() + "\r\n\r\n" + body.substring(0, 5));
        // When it stops
        CompletableFuture<Void> stopped = node.stop();
        Await.until("not ready", () -> node.get("/health/ready").status() == 503);
        // Then a kept connection has one more answer, which says that it is the last one
        write(kept, head + body.length() + "\r\n\r\n" + body);
        String last = answer(kept);
        assertTrue(last.startsWith("HTTP/1.1 200 "), last);
        assertTrue(last.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n"), last);
        assertEquals(-1, kept.getInputStream().read());
        // And nobody is accepted any more while the body that is on its way is waited for
        Await.until("it listens no more", () -> refuses(node.uri().getPort()));
        assertFalse(stopped.isDone());
        write(halfSent, body.substring(5));
        String late = answer(halfSent);
        assertTrue(late.startsWith("HTTP/1.1 200 "), late);
        stopped.get(2, TimeUnit.SECONDS);
      }
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.setSoTimeout(5_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A head and as much of the body as it announces. */
  private static String answer(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    int end = -1;
    while (end < 0 || text.length() < end) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new EOFException("no whole answer: " + text);
      }
      text.append((char) next);
      if (end < 0 && text.toString().endsWith("\r\n\r\n")) {
        Matcher length = LENGTH.matcher(text);
        end = text.length() + (length.find() ? Integer.parseInt(length.group(1)) : 0);
      }
    }
    return text.toString();
  }

  private static boolean refuses(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (IOException e) {
      return true;
    }
  }
}
