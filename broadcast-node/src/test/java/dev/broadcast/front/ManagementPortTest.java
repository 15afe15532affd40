package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.Ports;
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
}
