package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON Web Tokens through the front door: who gets in, where to, for how long. */
@SuppressWarnings("JavaUtilDate") // the library speaks it
class TokenTest {
  @RegisterExtension
  static final SharedClusters CLUSTERS =
      new SharedClusters(
          "--jwt-key=" + Tokens.SECRET,
          "--jwt-audience=here",
          "--jwt-issuer=us",
          "--publish-key=static-publish",
          "--admin-key=static-admin");

  private static FrontNode node() {
    return CLUSTERS.on(Setup.ALONE).node(0);
  }

  private static String token(Map<String, Object> rights) {
    return Tokens.of(rights, claims -> claims.audience("here").issuer("us"));
  }

  private static int status(String method, String target, String token) {
    String body =
        target.equals("/send")
            ? "{\"message\":\"m\"}"
            : target.equals("/events") ? "{\"topic\":\"a/b\",\"data\":\"d\"}" : "";
    String[] headers = {
      "Authorization", "Bearer " + token, "Content-Type", "application/json", "Accept", "*/*"
    };
    return node().call(method, target, body, headers).status();
  }

  @Test
  void patternsDecideAboutSubscribingHistoryAndPublishing() {
    String token = token(Map.of("subscribe", List.of("a/*", "b"), "publish", List.of("a/*")));
    for (String topic : List.of("a/", "a/b", "a/b/c", "b")) {
      assertEquals(200, status("GET", "/history?topic=" + topic, token), topic);
      assertEquals(200, status("HEAD", "/events?topic=" + topic, token), topic);
    }
    for (String topic : List.of("a", "ab", "b/c", "c", "global")) {
      assertEquals(403, status("GET", "/history?topic=" + topic, token), topic);
      assertEquals(403, status("GET", "/events?topic=" + topic, token), topic);
      assertEquals(403, status("GET", "/events?topic=b&topic=" + topic, token), topic);
    }
    assertEquals(403, status("GET", "/events", token));
    assertEquals(200, status("GET", "/status", token));
    assertEquals(200, status("POST", "/events", token));
    assertEquals(403, node().publishAs(token, "b", "d"));
    assertEquals(403, status("POST", "/send", token));
    assertEquals(403, status("DELETE", "/history?topic=a/b", token));
  }

  @Test
  void topicsThatMayNotBeReadAreNotEvenNamedAsThePlaceToGoOnFrom() {
    Map<String, String> admin = Map.of("Authorization", "Bearer static-admin");
    String token = token(Map.of("subscribe", List.of("mine/*")));
    try (OpenStream stream =
        OpenStream.of(
            node().uri(),
            "topic=mine/1&topic=mine/2&topic=mine/3&topic=others&topic=z",
            admin,
            0)) {
      stream.awaitConnected();
      assertEquals("[mine/1, mine/2] mine/2", topics("?limit=2", token));
      assertEquals("[mine/3] ", topics("?limit=2&cursor=mine/2", token));
      assertEquals("[mine/1, mine/2, mine/3] ", topics("?limit=3", token));
      assertEquals("[] ", topics("?cursor=mine/3", token));
    }
  }

  private static String topics(String query, String token) {
    JsonNode page =
        node().call("GET", "/topics" + query, "", "Authorization", "Bearer " + token).json();
    return page.path("topics").findValuesAsText("topic") + " " + page.path("next").asText();
  }

  @Test
  void ofABatchOnlyTheItemsForForeignTopicsAreRefused() {
    String token = token(Map.of("publish", List.of("a/*")));
    Http.Answer answer =
        node()
            .call(
                "POST",
                "/events",
                "[{\"topic\":\"a/1\",\"data\":1},{\"topic\":\"b\",\"data\":2}]",
                "Content-Type",
                "application/json",
                "Authorization",
                "Bearer " + token);
    assertEquals(207, answer.status(), answer.text());
    assertTrue(answer.json().at("/results/0").has("id"), answer.text());
    assertEquals(403, answer.json().at("/results/1/error/status").asInt(), answer.text());
  }

  @Test
  void anAdministratorMayDoAllAndNobodyIsLetInWithoutACredential() {
    String admin = token(Map.of("admin", true));
    assertEquals(204, status("DELETE", "/history?topic=x", admin));
    assertEquals(200, status("POST", "/send", admin));
    assertEquals(200, status("GET", "/history?topic=x", admin));
    assertEquals(401, node().get("/status").status());
    assertEquals(401, node().post("/events", Map.of("data", "d")).status());
    assertEquals(200, node().get("/health/live").status());
  }

  @Test
  void staticKeysAreGoodBesideTokens() {
    assertEquals(200, node().publishAs("static-publish", "any", "d"));
    assertEquals(403, status("GET", "/history?topic=any", "static-publish"));
    assertEquals(200, status("GET", "/history?topic=any", "static-admin"));
  }

  static Stream<String> badTokens() {
    Map<String, Object> all = Map.of("admin", true);
    long now = System.currentTimeMillis();
    String payload = "{\"aud\":\"here\",\"iss\":\"us\",\"broadcast\":{\"admin\":true}}";
    String good = token(all);
    String unsigned = good.substring(0, good.lastIndexOf('.') + 1);
    return Stream.of(
        "x",
        "..",
        "a.b.c",
        good + "x",
        good.substring(0, good.length() - 2),
        unsigned,
        Tokens.of(all, c -> c.audience("elsewhere").issuer("us")),
        Tokens.of(all, c -> c.issuer("us")),
        Tokens.of(all, c -> c.audience("here").issuer("them")),
        Tokens.of(all, c -> c.audience("here")),
        Tokens.of(all, c -> c.audience("here").issuer("us").expirationTime(new Date(now - 1000))),
        Tokens.of(all, c -> c.audience("here").issuer("us").notBeforeTime(new Date(now + 5000))),
        Tokens.of(all, c -> c.audience("here").issuer("us").claim("exp", "tomorrow")),
        Tokens.sign(
            JWSAlgorithm.HS256,
            null,
            "another secret of sixty-four bytes, so that every HMAC is content",
            new JWTClaimsSet.Builder().audience("here").issuer("us"),
            all),
        Tokens.forged("{\"alg\":\"none\"}", payload, ""),
        Tokens.forged("{\"alg\":\"None\",\"typ\":\"JWT\"}", payload, ""),
        Tokens.forged("{\"alg\":\"HS256\",\"crit\":[\"x\"],\"x\":1}", payload, "AAAA"),
        Tokens.forged("{\"alg\":\"ES256\"}", payload, "A".repeat(86)),
        Tokens.forged("{\"alg\":\"HS256\"}", "[]", "AAAA"),
        Tokens.forged("{}", payload, "AAAA"),
        token(Map.of("subscribe", "a")),
        token(Map.of("subscribe", List.of(1))),
        token(Map.of("subscribe", List.of("a*b"))),
        token(Map.of("admin", "yes")),
        token(Map.of("subscribes", List.of("*"))),
        "a." + "b".repeat(9000) + ".c");
  }

  @ParameterizedTest
  @MethodSource("badTokens")
  void whatIsNoGoodTokenIs401AndSaysNothingOfIt(String token) {
    Http.Answer answer = node().call("GET", "/status", "", "Authorization", "Bearer " + token);
    assertEquals(401, answer.status(), answer.text());
    assertEquals(
        "Bearer realm=\"broadcast\", error=\"invalid_token\"", answer.header("WWW-Authenticate"));
    assertEquals("Authorization", answer.json().path("field").asText());
    assertFalse(token.length() > 20 && answer.text().contains(token), answer.text());
    assertFalse(answer.text().contains(Tokens.SECRET), answer.text());
  }

  @Test
  void aTokenWithoutTheClaimHasNoRights() {
    String token =
        Tokens.sign(
            JWSAlgorithm.HS512,
            null,
            Tokens.SECRET,
            new JWTClaimsSet.Builder().audience("here").issuer("us"),
            null);
    assertEquals(403, status("GET", "/status", token));
  }

  @Test
  void nobodyPosesAsAnotherWithATokenThatNamesIdAndKind() {
    String token = token(Map.of("subscribe", List.of("*"), "id", "alice", "kind", "user"));
    assertEquals(403, status("GET", "/events?id=bob", token));
    assertEquals(403, status("GET", "/events?kind=job", token));
    try (OpenStream stream = node().listenWith("topic=t", "Authorization", "Bearer " + token)) {
      assertEquals("alice", stream.connected().path("connection_id").asText());
      assertEquals(409, status("GET", "/events?id=alice&kind=user", token));
    }
  }

  @Test
  void whoKnowsAConnectionsIdDoesNotTakeItOverWithATokenOfAnother() {
    Map<String, Object> rights = Map.of("subscribe", List.of("*"));
    String alice =
        Tokens.of(rights, claims -> claims.audience("here").issuer("us").subject("alice"));
    String mallory =
        Tokens.of(rights, claims -> claims.audience("here").issuer("us").subject("mallory"));
    try (OpenStream hers = node().listenWith("topic=own", "Authorization", "Bearer " + alice)) {
      String id = hers.connected().path("connection_id").asText();
      String cursor = hers.place() + "!" + id.substring(id.indexOf('_') + 1);
      try (OpenStream his =
          node()
              .listenWith(
                  "topic=own", "Authorization", "Bearer " + mallory, "Last-Event-ID", cursor)) {
        assertFalse(his.connected().path("connection_id").asText().equals(id));
        node().publishAs("static-publish", "own", "for both");
        hers.awaitMessages(1);
        his.awaitMessages(1);
      }
      try (OpenStream herNext =
          node()
              .listenWith(
                  "topic=own", "Authorization", "Bearer " + alice, "Last-Event-ID", cursor)) {
        assertEquals(id, herNext.connected().path("connection_id").asText());
        hers.awaitEnd();
      }
    }
  }

  @Test
  void aStreamEndsWhenItsTokenDoes() {
    // Whole seconds, rounded down, is what a token can say
    Date end = new Date((System.currentTimeMillis() / 1000 + 2) * 1000);
    String token =
        Tokens.of(
            Map.of("subscribe", List.of("*")),
            c -> c.audience("here").issuer("us").expirationTime(end));
    try (OpenStream stream = node().listenWith("topic=t", "Authorization", "Bearer " + token)) {
      stream.awaitConnected();
      stream.await("end", Duration.ofSeconds(5), OpenStream::ended);
      long late = System.currentTimeMillis() - end.getTime();
      assertTrue(late >= -50 && late < 900, "ended " + late + " ms after its token");
      assertEquals("expired", stream.ofType("closing").get(0).json().path("reason").asText());
      assertEquals(1, stream.retries().size());
    }
    assertEquals(401, status("GET", "/events?topic=t", token));
  }

  @Test
  void theCookieLetsAnEventSourceInAndAnOldOneCountsForNothing() {
    String token = token(Map.of("subscribe", List.of("c"), "publish", List.of("*")));
    try (OpenStream stream =
        node().listenWith("topic=c", "Cookie", "a=b; broadcast_token=" + token + "; c=d")) {
      assertEquals(200, stream.status());
      stream.awaitConnected();
    }
    Http.Answer old = node().call("GET", "/status", "", "Cookie", "broadcast_token=x.y.z");
    assertEquals(401, old.status());
    assertEquals("Bearer realm=\"broadcast\"", old.header("WWW-Authenticate"));
    // And only for pages of this node.
    assertEquals(
        403,
        node()
            .call(
                "GET",
                "/status",
                "",
                "Cookie",
                "broadcast_token=" + token,
                "Origin",
                "https://evil.example")
            .status());
    assertEquals(
        403,
        node()
            .call(
                "POST",
                "/events",
                "{\"data\":1}",
                "Content-Type",
                "application/json",
                "Cookie",
                "broadcast_token=" + token,
                "Sec-Fetch-Site",
                "cross-site")
            .status());
  }

  @Test
  void theHeaderWinsOverTheCookie() {
    String token = token(Map.of("subscribe", List.of("c")));
    assertEquals(
        401,
        node()
            .call(
                "GET",
                "/status",
                "",
                "Authorization",
                "Bearer nonsense",
                "Cookie",
                "broadcast_token=" + token)
            .status());
  }
}
