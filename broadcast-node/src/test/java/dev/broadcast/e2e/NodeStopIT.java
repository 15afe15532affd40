package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Http;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starting and stopping the program, as init systems do it. One node, nothing beside Java. */
@Timeout(60)
class NodeStopIT {

  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String TOPIC = "jobs";
  private static final int CLIENTS = 20;

  private final Http http = new Http("");

  @Test
  void sigtermEndsStreamsWithClosingAndExits0() throws IOException {
    try (var node = NodeProcess.start(List.of("--port", "0", "--drain", "5s"))) {
      var clients = new ArrayList<HttpTranscript>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(HttpTranscript.of(node.uri(), "/events?topic=" + TOPIC));
      }
      for (HttpTranscript client : clients) {
        client.await("connected", SOON, text -> text.contains("event: connected"));
      }
      publish(node.uri(), "one");

      node.terminate();

      assertEquals(0, node.awaitExit(Duration.ofSeconds(6)), node.output());
      var retries = new ArrayList<String>();
      for (HttpTranscript client : clients) {
        client.await("end", SOON, text -> client.ended());
        String text = client.text();
        assertTrue(text.contains("data: one\n"), text);
        String goodbye = text.substring(text.lastIndexOf("data: one\n"));
        int retry = goodbye.indexOf("retry: ");
        int closing = goodbye.indexOf("event: closing\n");
        assertTrue(retry > 0 && closing > retry, goodbye);
        String afterClosing = goodbye.substring(goodbye.indexOf("\n\n", closing) + 2);
        assertEquals("", afterClosing, "closing comes last");
        retries.add(goodbye.substring(retry, goodbye.indexOf('\n', retry)));
      }
      assertTrue(retries.stream().distinct().count() > 1, "retry has jitter: " + retries);
    }
  }

  @Test
  void aStalledClientDoesNotHoldUpTheEnd() throws IOException {
    try (var node = NodeProcess.start(List.of("--port", "0", "--drain", "2s"))) {
      var plan = Subscription.to(List.of(node.uri()), "stalled", TOPIC).buffering(4096);
      try (SseClient stalled = plan.start().awaitConnected()) {
        stalled.stall();
        String large = "x".repeat(500_000);
        for (int i = 0; i < 12; i++) {
          publish(node.uri(), large);
        }

        node.terminate();

        assertEquals(0, node.awaitExit(Duration.ofSeconds(4)), node.output());
      }
    }
  }

  @Test
  void aSecondSignalEndsItAtOnce() throws IOException {
    try (var node = NodeProcess.start(List.of("--port", "0", "--drain", "50s"))) {
      var plan = Subscription.to(List.of(node.uri()), "stalled", TOPIC).buffering(4096);
      try (SseClient stalled = plan.start().awaitConnected()) {
        stalled.stall();
        String large = "x".repeat(500_000);
        for (int i = 0; i < 12; i++) {
          publish(node.uri(), large);
        }

        node.terminate();
        awaitUnready(node);
        node.terminate();

        node.awaitExit(Duration.ofSeconds(3));
      }
    }
  }

  @Test
  void badSettingsEndItWith2AndOneLineThatNamesTheFlag() {
    try (var node = NodeProcess.launch(List.of("--port", "0", "--history-size", "many"))) {
      assertEquals(2, node.awaitExit(SOON), node.output());
      assertEquals(1, node.output().strip().lines().count(), node.output());
      assertTrue(node.output().contains("--history-size"), node.output());
    }
  }

  @Test
  void refusesToListenBeyondLoopbackWithoutAPublishKey() {
    try (var node = NodeProcess.launch(List.of("--port", "0", "--host", "0.0.0.0"))) {
      assertEquals(2, node.awaitExit(SOON), node.output());
      assertTrue(node.output().contains("--publish-key"), node.output());
    }
  }

  private void publish(URI node, String data) throws IOException {
    Http.Answer answer = http.post(node, "/events", Map.of("topic", TOPIC, "data", data), Map.of());
    assertEquals(200, answer.status(), answer.text());
  }

  /** Readiness fails as soon as it stops; it may also have ended already. */
  private void awaitUnready(NodeProcess node) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (http.get(node.uri(), "/health/ready").status() == 503) {
          return;
        }
      } catch (IOException e) {
        return;
      }
    }
    throw new AssertionError("readiness still holds after SIGTERM");
  }
}
