package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of other origins: which may read, and which may change something. */
class OriginTest {
  private static final String LISTED = "https://app.example";
  private static final String OTHER = "https://evil.example";

  @RegisterExtension
  static final SharedClusters CLUSTERS =
      new SharedClusters(
          "--subscribe-key=sub",
          "--publish-key=pub",
          "--cors-origins=https://App.example:443,http://localhost:3000");

  private static FrontNode node() {
    return CLUSTERS.on(Setup.ALONE).node(0);
  }

  private static List<String> corsHeaders(Http.Answer answer) {
    return answer.headers().keySet().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .filter(name -> name.startsWith("access-control") || name.equals("vary"))
        .sorted()
        .toList();
  }

  @Test
  void aListedOriginMayReadAnswersAndErrors() {
    for (String origin : List.of(LISTED, "http://localhost:3000")) {
      for (String key : List.of("sub", "wrong")) {
        Http.Answer answer =
            node().call("GET", "/status", "", "Origin", origin, "Authorization", "Bearer " + key);
        assertEquals(key.equals("sub") ? 200 : 401, answer.status());
        assertEquals(origin, answer.header("Access-Control-Allow-Origin"));
        assertEquals("true", answer.header("Access-Control-Allow-Credentials"));
        assertEquals("Last-Event-ID, Retry-After", answer.header("Access-Control-Expose-Headers"));
        assertEquals("Origin", answer.header("Vary"));
      }
    }
    Http.Answer unknown = node().call("GET", "/nothing", "", "Origin", LISTED);
    assertEquals(404, unknown.status());
    assertEquals(LISTED, unknown.header("Access-Control-Allow-Origin"));
    try (OpenStream stream =
        node().listenWith("topic=t", "Origin", LISTED, "Authorization", "Bearer sub")) {
      assertEquals(LISTED, stream.header("access-control-allow-origin"));
      stream.awaitConnected();
    }
  }

  @Test
  void aListedOriginsPreflightNeedsNoKey() {
    Http.Answer answer =
        node()
            .call(
                "OPTIONS",
                "/events",
                "",
                "Origin",
                LISTED,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "authorization,content-type");
    assertEquals(204, answer.status());
    assertEquals(LISTED, answer.header("Access-Control-Allow-Origin"));
    assertTrue(answer.header("Access-Control-Allow-Methods").contains("POST"));
    for (String header :
        List.of("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID")) {
      assertTrue(answer.header("Access-Control-Allow-Headers").contains(header), header);
    }
    assertTrue(Integer.parseInt(answer.header("Access-Control-Max-Age")) > 0);
  }

  @Test
  void nobodyElseGetsAHeader() {
    for (String origin :
        List.of(
            OTHER,
            "null",
            "http://app.example",
            "https://app.example:8443",
            "https://app.example.evil.example",
            "https://sub.app.example",
            "http://localhost:3001")) {
      assertEquals(
          List.of(),
          corsHeaders(
              node().call("GET", "/status", "", "Origin", origin, "Authorization", "Bearer sub")),
          origin);
      assertEquals(
          List.of(),
          corsHeaders(
              node()
                  .call(
                      "OPTIONS",
                      "/events",
                      "",
                      "Origin",
                      origin,
                      "Access-Control-Request-Method",
                      "POST")),
          origin);
    }
    assertEquals(
        List.of(), corsHeaders(node().call("GET", "/status", "", "Authorization", "Bearer sub")));
  }

  private static int publish(String... headers) {
    String[] all = new String[headers.length + 4];
    System.arraycopy(headers, 0, all, 4, headers.length);
    all[0] = "Content-Type";
    all[1] = "application/json";
    all[2] = "Authorization";
    all[3] = "Bearer pub";
    return node().call("POST", "/events", "{\"data\":1}", all).status();
  }

  @Test
  void onlyPagesOfListedOriginsAndItsOwnPublish() {
    String own = node().uri().toString();
    assertEquals(200, publish());
    assertEquals(200, publish("Origin", own));
    assertEquals(200, publish("Origin", own, "Sec-Fetch-Site", "same-origin"));
    assertEquals(200, publish("Origin", LISTED, "Sec-Fetch-Site", "cross-site"));
    assertEquals(403, publish("Origin", OTHER));
    assertEquals(403, publish("Origin", "null"));
    assertEquals(403, publish("Origin", "nonsense"));
    assertEquals(403, publish("Sec-Fetch-Site", "cross-site"));
    assertEquals(403, publish("Origin", own, "Sec-Fetch-Site", "cross-site"));
  }
}
