package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tickets, for an EventSource that can set no headers, and what they leave it to return with. */
@SuppressWarnings("JavaUtilDate") // the library speaks it
class TicketTest {
  /** Well made, of a secret that nobody knows. */
  private static final String PASS =
      "eyJraWQiOiIzZWIxYmQ0Mzk5NDdlYjc2IiwidHlwIjoiYnJvYWRjYXN0LXBhc3MiLCJhbGciOiJIUzI1NiJ9.e30"
          + ".X5-z3ZyeWgLQIIYhzS3EBF7g_rGiuVJ7hwXFiCAAAAA";

  private static final String LISTED = "https://app.example";

  @RegisterExtension
  static final SharedClusters CLUSTERS =
      new SharedClusters(
          "--subscribe-key=sub",
          "--publish-key=pub",
          "--jwt-key=" + Tokens.SECRET,
          "--ticket-lifetime=2s",
          "--cors-origins=" + LISTED);

  private static Http.Answer buy(FrontNode node, String key, String body) {
    return node.call(
        "POST",
        "/tickets",
        body,
        "Authorization",
        "Bearer " + key,
        "Content-Type",
        "application/json");
  }

  private static String ticket(FrontNode node, String key, String... topics) {
    Http.Answer answer =
        buy(node, key, topics.length == 0 ? "" : Http.toJson(Map.of("topics", topics)));
    assertEquals(200, answer.status(), answer.text());
    return answer.json().path("ticket").asText();
  }

  /** Name and value, as a browser would send them back. */
  private static String cookie(OpenStream stream) {
    return stream.header("Set-Cookie").split(";", 2)[0];
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void isRedeemedOnceOnAnyNodeAndTheBrowserComesBackWithItsCookie(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("ticket");
    JsonNode sold = buy(cluster.node(0), "sub", "{\"topics\":[\"" + topic + "\"]}").json();
    assertEquals(2, sold.path("expires_in").asInt());
    String query = "topic=" + topic + "&ticket=" + sold.path("ticket").asText();
    String cookie;
    String cursor;
    try (OpenStream stream = cluster.node(1).listen(query).awaitConnected()) {
      cluster.node(0).publishAs("pub", topic, "one");
      assertEquals(List.of("one"), stream.awaitMessages(1).data());
      cookie = cookie(stream);
      cursor = stream.cursor();
      String set = stream.header("Set-Cookie");
      assertTrue(set.endsWith("; Path=/events; HttpOnly; SameSite=Lax"), set);
    }
    assertEquals(401, cluster.node(0).call("GET", "/events?" + query, "").status());
    cluster.node(0).publishAs("pub", topic, "two");
    for (FrontNode node : cluster.nodes()) {
      try (OpenStream stream = node.listenWith(query, "Cookie", cookie, "Last-Event-ID", cursor)) {
        assertEquals(List.of("two"), stream.awaitMessages(1).data());
      }
    }
    // Good for that stream's topics alone, and for nothing but streams.
    FrontNode node = cluster.node(1);
    String other = "/events?topic=other&ticket=" + sold.path("ticket").asText();
    assertEquals(403, node.call("GET", other, "", "Cookie", cookie).status());
    assertEquals(403, node.call("GET", "/events?topic=other", "", "Cookie", cookie).status());
    assertEquals(403, node.call("GET", "/history?topic=other", "", "Cookie", cookie).status());
    assertEquals(
        403,
        node.call("GET", "/events?" + query, "", "Cookie", cookie, "Origin", "https://evil.example")
            .status());
    assertEquals(
        401,
        node.call(
                "POST",
                "/events",
                "{\"data\":1}",
                "Content-Type",
                "application/json",
                "Cookie",
                cookie)
            .status());
    assertEquals(
        401,
        node.call("GET", "/events?" + query, "", "Cookie", cookie + "x").status(),
        "a pass that nobody signed");
  }

  /**
   * One of two event loops has a connection, the hub thread knows what its ticket is worth: opened
   * there, a stream was written to by two threads, and lost its history now and then.
   */
  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void aStreamWithATicketIsServedByItsConnectionsOwnLoop(Setup setup) {
    FrontNode node = CLUSTERS.on(setup).node(0);
    String topic = TestCluster.topic("loop");
    node.publishAs("pub", topic, "one");
    for (int i = 0; i < 16; i++) {
      String query = "topic=" + topic + "&history=5&ticket=" + ticket(node, "sub", topic);
      try (OpenStream stream = node.listen(query).awaitMessages(1)) {
        assertEquals("", stream.header("Transfer-Encoding"), "close-delimited, as all streams are");
      }
    }
  }

  @Test
  void endsWithItsLifetimeAndIsNeverMoreThanWhatBoughtIt() {
    FrontNode node = CLUSTERS.on(Setup.ALONE).node(0);
    String token = Tokens.of(List.of("a/*"), List.of());
    assertEquals(403, buy(node, token, "{\"topics\":[\"*\"]}").status());
    assertEquals(403, buy(node, token, "{\"topics\":[\"a/1\",\"b\"]}").status());
    assertEquals(401, node.call("POST", "/tickets", "").status());
    assertEquals(403, buy(node, "pub", "").status());
    String whole = ticket(node, token);
    assertEquals(403, node.call("GET", "/events?topic=b&ticket=" + whole, "").status());
    String part = ticket(node, token, "a/b/*", "a/c");
    try (OpenStream stream = node.listen("topic=a/c&topic=a/b/1&ticket=" + part)) {
      stream.awaitConnected();
    }
    String late = ticket(node, token);
    long end = System.nanoTime() + Duration.ofMillis(2_100).toNanos();
    Await.until("ticket to end", () -> System.nanoTime() - end > 0);
    assertEquals(401, node.call("GET", "/events?topic=a/c&ticket=" + late, "").status());
  }

  @Test
  void theStreamAndTheReturnEndWithTheTokenThatBoughtTheTicket() {
    FrontNode node = CLUSTERS.on(Setup.ALONE).node(0);
    Date end = new Date((System.currentTimeMillis() / 1000 + 2) * 1000);
    String query = "topic=t&ticket=" + ticket(node, Tokens.until(end, List.of("*")));
    try (OpenStream stream = node.listen(query).awaitConnected()) {
      String set = stream.header("Set-Cookie");
      assertTrue(set.contains("; Max-Age=1;") || set.contains("; Max-Age=2;"), set);
      stream.awaitEnd();
      assertEquals("expired", stream.ofType("closing").get(0).json().path("reason").asText());
      assertEquals(
          401, node.call("GET", "/events?" + query, "", "Cookie", cookie(stream)).status());
    }
  }

  @Test
  void whatIsWrongWithTheRequestDoesNotUseTheTicketUp() {
    FrontNode node = CLUSTERS.on(Setup.ALONE).node(0);
    String ticket = ticket(node, "sub");
    assertEquals(400, node.call("GET", "/events?topics=a&ticket=" + ticket, "").status());
    assertEquals(400, node.call("GET", "/events?topic=a%20b&ticket=" + ticket, "").status());
    assertEquals(
        406,
        node.call("GET", "/events?topic=a&ticket=" + ticket, "", "Accept", "text/html").status());
    assertEquals(401, node.call("HEAD", "/events?topic=a&ticket=" + ticket, "").status());
    assertEquals(400, node.call("GET", "/events?topic=a&ticket=", "").status());
    try (OpenStream stream = node.listen("topic=a&ticket=" + ticket)) {
      assertEquals(200, stream.status());
    }
  }

  @Test
  void theCookieOutlivesARestartOfANodeThatStandsAlone() {
    List<String> flags = List.of("--jwt-key=" + Tokens.SECRET);
    String query;
    String cookie;
    try (FrontNode node = FrontNode.start(flags)) {
      query = "topic=t&ticket=" + ticket(node, Tokens.of(List.of("t"), List.of()));
      try (OpenStream stream = node.listen(query).awaitConnected()) {
        cookie = cookie(stream);
      }
    }
    try (FrontNode node = FrontNode.start(flags)) {
      node.listenWith(query, "Cookie", cookie).awaitConnected().close();
      assertEquals(401, node.call("GET", "/events?" + query, "").status());
    }
    try (FrontNode other = FrontNode.start(List.of("--jwt-key=another " + Tokens.SECRET))) {
      assertEquals(401, other.call("GET", "/events?" + query, "", "Cookie", cookie).status());
    }
  }

  @Test
  void whileTheBackplaneIsAwayAStreamIsToldToComeBack() {
    try (FrontNode node =
        FrontNode.start(
            List.of("--subscribe-key=sub", "--redis-url=redis://127.0.0.1:1", "--drain=100ms"))) {
      for (String query : List.of("topic=t&ticket=abc", "topic=t")) {
        String cookie = "broadcast_token_0123456789ab=" + PASS;
        try (OpenStream told =
            node.listenWith(query, "Cookie", cookie, "Last-Event-ID", "c").awaitEnd()) {
          assertEquals(200, told.status());
          assertEquals("unavailable", told.ofType("closing").get(0).json().path("reason").asText());
          assertEquals("c", told.cursor());
          assertEquals(1, told.retries().size());
        }
      }
      assertEquals(503, node.call("GET", "/events?topic=t&ticket=abc", "").status());
      assertEquals(503, buy(node, "sub", "").status());
    }
  }

  @Test
  void fromAListedOriginTheCookieMayTravel() {
    FrontNode node = CLUSTERS.on(Setup.ALONE).node(0);
    String query = "topic=t&ticket=" + ticket(node, "sub");
    try (OpenStream stream =
        node.listenWith(query, "Origin", LISTED, "Sec-Fetch-Site", "cross-site")) {
      String set = stream.header("Set-Cookie");
      assertTrue(set.endsWith("; HttpOnly; SameSite=None; Secure"), set);
      assertEquals(LISTED, stream.header("Access-Control-Allow-Origin"));
      try (OpenStream back =
          node.listenWith(
              query, "Origin", LISTED, "Sec-Fetch-Site", "cross-site", "Cookie", cookie(stream))) {
        assertEquals(200, back.status());
      }
    }
  }

  @Test
  void whatIsWrongWithABodyIsSaid() {
    FrontNode node = CLUSTERS.on(Setup.ALONE).node(0);
    for (String body :
        List.of(
            "[]",
            "{\"topics\":[]}",
            "{\"topics\":\"a\"}",
            "{\"topics\":[1]}",
            "{\"topics\":[\"a*b\"]}",
            "{\"topics\":[\"**\"]}",
            "{\"topics\":[\"a b\"]}",
            "{\"topics\":[\"\"]}",
            "{\"topic\":[\"a\"]}",
            "{\"topics\":[\"a\"],\"topics\":[\"b\"]}",
            "{\"topics\":[\"a\"]",
            "{\"topics\":null}")) {
      Http.Answer answer = buy(node, "sub", body);
      assertEquals(400, answer.status(), body);
      assertFalse(answer.json().path("field").asText().isEmpty(), body);
    }
    assertEquals(
        400, node.call("POST", "/tickets?a=b", "", "Authorization", "Bearer sub").status());
    assertEquals(415, node.call("POST", "/tickets", "{}", "Authorization", "Bearer sub").status());
    assertEquals(200, buy(node, "sub", "{}").status());
    assertEquals(200, buy(node, "sub", "{\"topics\":[\"*\"]}").status());
  }
}
