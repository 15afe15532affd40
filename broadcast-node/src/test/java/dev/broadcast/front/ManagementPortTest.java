package dev.broadcast.front;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A port for those who look after the node. */
class ManagementPortTest {
  @Test
  void servesHealthWithoutAKeyAndNothingThatIsNotForManagement() throws Exception {
    int port = Ports.free();
    try (FrontNode node =
        FrontNode.start(
            List.of(
                "--management-port=" + port,
                "--subscribe-key=s",
                "--publish-key=p",
                "--admin-key=a"))) {
      URI management = URI.create("http://127.0.0.1:" + port);
      Http http = new Http("");
      assertEquals(200, http.get(management, "/health/live").status());
      assertEquals(200, http.get(management, "/health/ready").status());
      assertEquals(405, http.delete(management, "/health/live").status());
      for (String path : List.of("/events", "/status", "/history", "/openapi.yaml", "/", "/x")) {
        Http.Answer answer = new Http("a").get(management, path);
        assertEquals(404, answer.status(), path);
        assertEquals("application/problem+json", answer.header("Content-Type"));
      }
      Http.Answer metrics = http.get(management, "/metrics");
      assertEquals(200, metrics.status());
      for (String name :
          List.of(
              "broadcast_connections",
              "broadcast_messages_published_total",
              "broadcast_events_delivered_total",
              "broadcast_events_replayed_total",
              "broadcast_disconnects_total{reason=\"draining\"}")) {
        assertTrue(metrics.text().contains("\n" + name + " "), name);
      }
      // There alone: who may administer may not see it on the port that everybody reaches.
      assertEquals(404, new Http("a").get(node.uri(), "/metrics").status());
      assertEquals(200, node.get("/health/live").status());
    }
  }

  /** As on the other port: a page must not reach it by a name of its own (DNS rebinding). */
  @Test
  void withoutKeysLoopbackNamesAloneAreServed() throws Exception {
    int port = Ports.free();
    try (FrontNode node = FrontNode.start(List.of("--management-port=" + port))) {
      assertEquals(200, status(port, "localhost:" + port));
      assertEquals(403, status(port, "evil.example:" + port));
      assertTrue(node.get("/health/live").status() == 200);
    }
  }

  private static int status(int port, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(US_ASCII));
      return Integer.parseInt(
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
              .readLine()
              .split(" ", 3)[1]);
    }
  }
}
