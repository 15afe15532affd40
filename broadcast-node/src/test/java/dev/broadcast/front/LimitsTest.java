package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Http;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who takes too much is told so, and when to come back; nobody else notices. */
class LimitsTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private static OpenStream plain(FrontNode node) {
    return OpenStream.of(node.uri(), "topic=t", Map.of("Accept", "*/*"), 0);
  }

  private static void assertFull(FrontNode node, String because) {
    try (OpenStream refused = plain(node)) {
      assertEquals(429, refused.status());
      assertTrue(Integer.parseInt(refused.header("Retry-After")) >= 1);
      assertEquals("application/problem+json", refused.header("Content-Type"));
    }
    // An EventSource would give up for good at a 429.
    try (OpenStream told = node.listen("topic=t", "some-cursor").awaitEnd()) {
      assertEquals(200, told.status());
      assertEquals("limit", told.ofType("closing").get(0).json().path("reason").asText());
      assertEquals("some-cursor", told.cursor());
      assertEquals(1, told.retries().size());
    }
    assertTrue(node.get("/events?topic=t").text().contains(because), because);
  }

  private static OpenStream awaitPlace(FrontNode node) {
    OpenStream[] open = new OpenStream[1];
    Await.until(
        "place",
        SOON,
        () -> {
          open[0] = plain(node);
          if (open[0].status() == 200) {
            return true;
          }
          open[0].close();
          return false;
        });
    return open[0].awaitConnected();
  }

  @Test
  void anAddressHasNoMoreStreamsThanItMay() {
    try (FrontNode node = FrontNode.start(List.of("--max-connections-per-address=2"))) {
      OpenStream one = node.listen("topic=t").awaitConnected();
      OpenStream other = node.listen("topic=t").awaitConnected();
      assertFull(node, "your address has its 2 connections");
      assertEquals(2, node.status().path("node").path("connected_clients").asInt());
      // Other requests of that address, and streams it has, go on.
      node.publish("t", "hello");
      one.awaitMessages(1);
      other.awaitMessages(1);
      // A stream that ends frees its place, and only that one.
      one.close();
      try (OpenStream third = awaitPlace(node)) {
        assertFull(node, "your address has its 2 connections");
        other.close();
        third.awaitConnected();
      }
      Await.until(
          "empty", SOON, () -> node.status().path("node").path("connected_clients").asInt() == 0);
    }
  }

  @Test
  void aKeyHasNoMoreStreamsThanItMay() {
    try (FrontNode node =
        FrontNode.start(
            List.of("--subscribe-key=a", "--admin-key=b", "--max-connections-per-key=1"))) {
      try (OpenStream one =
          node.listenWith("topic=t", "Authorization", "Bearer a").awaitConnected()) {
        assertEquals(
            429, node.call("GET", "/events?topic=t", "", "Authorization", "Bearer a").status());
        try (OpenStream told = node.listenWith("topic=t", "Authorization", "Bearer a").awaitEnd()) {
          assertEquals("limit", told.ofType("closing").get(0).json().path("reason").asText());
        }
        node.listenWith("topic=t", "Authorization", "Bearer b").awaitConnected().close();
        assertEquals(0, one.ofType("closing").size());
      }
    }
  }

  @Test
  void whoConnectsTooOftenIsToldToComeLater() {
    try (FrontNode node = FrontNode.start(List.of("--max-connects-per-second=2"))) {
      node.listen("topic=t").awaitConnected().close();
      node.listen("topic=t").awaitConnected().close();
      try (OpenStream refused = plain(node)) {
        assertEquals(429, refused.status());
        assertTrue(Integer.parseInt(refused.header("Retry-After")) >= 1);
      }
      try (OpenStream told = node.listen("topic=t", "some-cursor").awaitEnd()) {
        assertEquals("limit", told.ofType("closing").get(0).json().path("reason").asText());
        assertEquals("some-cursor", told.cursor());
      }
      // Other requests are not streams.
      node.publish("t", "hello");
      awaitPlace(node).close();
    }
  }

  @Test
  void aNodeHasNoMoreStreamsThanItMay() {
    try (FrontNode node = FrontNode.start(List.of("--max-connections=1"))) {
      OpenStream one = node.listen("topic=t").awaitConnected();
      assertFull(node, "this node has its 1 connections");
      one.close();
      awaitPlace(node).close();
    }
  }

  @Test
  void whoComesBackTakesThePlaceItHad() {
    try (FrontNode node = FrontNode.start(List.of("--max-connections-per-address=1"))) {
      OpenStream before = node.listen("topic=t").awaitConnected();
      String cursor = before.cursor();
      // Its old stream is open still: the client does not hear it any more, the node cannot know.
      OpenStream after = node.listen("topic=t", cursor).awaitConnected();
      assertEquals(1, after.ofType("connected").size());
      before.awaitEnd();
      after.close();
    }
  }

  @Test
  void whoComesBackUnderItsIdTakesThePlaceItHad() {
    try (FrontNode node = FrontNode.start(List.of("--max-connections-per-address=1"))) {
      OpenStream last = node.listen("topic=t&id=me").awaitConnected();
      for (int i = 0; i < 10; i++) { // they are spread over the loops
        OpenStream next = node.listen("topic=t&id=me", last.cursor()).awaitConnected();
        assertEquals(1, next.ofType("connected").size());
        last.awaitEnd();
        last = next;
      }
      // Neither did any of them keep a place, nor gives its end the id of the last one away.
      assertEquals(0, node.listen("topic=t", last.cursor()).awaitEnd().ofType("connected").size());
      last.close();
      awaitPlace(node).close();
    }
  }

  @Test
  void withoutASettingAnAddressMayHaveMany() {
    try (FrontNode node = FrontNode.start(List.of())) {
      List<OpenStream> many = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        many.add(node.listen("topic=t").awaitConnected());
      }
      node.publishMany("t", "m", 500);
      many.forEach(stream -> stream.awaitMessages(500).close());
    }
  }

  @Test
  void aPublisherThatIsTooFastIsToldWhenToComeBackAndNothingIsStored() {
    try (FrontNode node = FrontNode.start(List.of("--max-publishes-per-second=5"))) {
      List<Map<String, String>> batch = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        batch.add(Map.of("topic", "t", "data", "b" + i));
      }
      // A batch may be larger than a second's worth, and is paid for afterwards.
      assertEquals(200, node.post("/events", batch).status());
      Http.Answer refused = node.post("/events", Map.of("topic", "t", "data", "late"));
      assertEquals(429, refused.status(), refused.text());
      assertEquals("no", refused.json().path("stored").asText());
      long wait = Long.parseLong(refused.headers().get("retry-after"));
      assertTrue(wait >= 1 && wait <= 4, "" + wait);
      assertEquals(429, node.post("/events", batch).status());
      assertEquals(429, node.post("/send", Map.of("message", "late")).status());
      assertEquals(20, node.history("topic=t").size());
      assertEquals(0, node.history("topic=global").size());
      // And reading is nobody's publishing.
      node.listen("topic=t&history=20").awaitMessages(20).close();
      Await.until(
          "bucket",
          Duration.ofSeconds(wait + 2),
          () -> node.post("/events", Map.of("topic", "t", "data", "again")).status() == 200);
      assertEquals("again", node.history("topic=t").get(20));
    }
  }

  @Test
  void nobodyIsAnotherAddressBySayingSo() {
    try (FrontNode node = FrontNode.start(List.of("--max-publishes-per-second=2"))) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        statuses.add(
            node.call(
                    "POST",
                    "/events?topic=t",
                    "x",
                    "Content-Type",
                    "text/plain",
                    "X-Forwarded-For",
                    "192.0.2." + i,
                    "Forwarded",
                    "for=192.0.2." + i)
                .status());
      }
      assertTrue(statuses.contains(429), statuses.toString());
    }
  }
}
