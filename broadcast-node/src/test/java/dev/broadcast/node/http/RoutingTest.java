package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.broadcast.node.security.Keys;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node and a program that mounts the routes answer alike, whatever the path looks like. */
class RoutingTest {
  private static TestNode node;
  private static TestNode mounted;

  @BeforeAll
  static void start() throws Exception {
    node = new TestNode(new FakeHub(), HttpSettings.DEFAULTS, Keys.NONE, "", true);
    mounted = new TestNode(new FakeHub(), HttpSettings.DEFAULTS, Keys.NONE, "", false);
  }

  @AfterAll
  static void stop() {
    node.close();
    mounted.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health/live",
        "/health/live/",
        "/health//live",
        "//health/live",
        "/health/./live",
        "/health/../health/live",
        "/health/live/..",
        "/%68ealth/live",
        "/health%2Flive",
        "/health/live%20",
        "/health/live?",
        "/health/live?a=b",
        "/health/live#a",
        "/health/live;a=b",
        "/Health/Live",
        "/health",
        "/",
        "/%zz",
        "*",
        "health/live",
        "http://localhost/health/live",
        "http://localhost",
        "/nothing"
      })
  void answersAlike(String target) throws Exception {
    for (String method : List.of("GET", "HEAD", "PUT", "OPTIONS", "BREW")) {
      String request = HostileCases.call(method, target, "Content-Length: 0", "Connection: close");
      assertEquals(shown(mounted, request), shown(node, request), method + " " + target);
    }
  }

  private static Map<String, Object> shown(TestNode asked, String request) throws Exception {
    try (var client = new RawClient(asked.port())) {
      client.send(request);
      // HEAD names a length that does not come.
      RawClient.Answer answer = client.answer();
      return Map.of("status", answer.status(), "headers", answer.headers(), "body", answer.body());
    }
  }
}
