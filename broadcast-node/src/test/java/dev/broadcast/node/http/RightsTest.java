package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.broadcast.node.security.Keys;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may do what, through the front door. */
class RightsTest {
  private static final List<String> CALLS =
      List.of("live", "subscribe", "publish", "send", "administer");

  private static String request(String call, String key) {
    String[] headers =
        key.isEmpty() ? new String[0] : new String[] {"Authorization: Bearer " + key};
    return switch (call) {
      case "live" -> HostileCases.get("/health/live", headers);
      case "subscribe" -> HostileCases.get("/status", headers);
      case "publish" -> HostileCases.json("{\"data\":1}", headers);
      case "send" -> HostileCases.post("/send", "application/json", "{\"message\":1}", headers);
      default -> HostileCases.call("DELETE", "/history?topic=a", headers);
    };
  }

  private static List<Integer> statuses(TestNode node, String key) throws Exception {
    var statuses = new java.util.ArrayList<Integer>();
    for (String call : CALLS) {
      statuses.add(RawClient.exchange(node.port(), request(call, key)).status());
    }
    return statuses;
  }

  private static TestNode node(Keys keys) throws Exception {
    return new TestNode(new FakeHub(), HttpSettings.DEFAULTS, keys, "");
  }

  @Test
  void everyKeyMayDoWhatItIsForAndNoMore() throws Exception {
    try (TestNode node = node(new Keys("sub", "pub", "adm"))) {
      assertEquals(List.of(200, 401, 401, 401, 401), statuses(node, ""));
      assertEquals(List.of(200, 401, 401, 401, 401), statuses(node, "wrong"));
      assertEquals(List.of(200, 200, 403, 403, 403), statuses(node, "sub"));
      assertEquals(List.of(200, 403, 200, 200, 403), statuses(node, "pub"));
      assertEquals(List.of(200, 200, 200, 200, 204), statuses(node, "adm"));
      var denied = RawClient.exchange(node.port(), HostileCases.get("/status"));
      assertEquals("Bearer realm=\"broadcast\"", denied.headers().get("www-authenticate"));
    }
  }

  @Test
  void withAPublishKeyAloneSubscribingIsOpenAndAdministeringClosed() throws Exception {
    try (TestNode node = node(new Keys(null, "pub", null))) {
      assertEquals(List.of(200, 200, 401, 401, 401), statuses(node, ""));
      assertEquals(List.of(200, 200, 200, 200, 403), statuses(node, "pub"));
      String elsewhere = "GET /status HTTP/1.1\r\nHost: node.example\r\n\r\n";
      assertEquals(200, RawClient.exchange(node.port(), elsewhere).status());
    }
  }

  @Test
  void withoutKeysEverythingIsOpenToThisMachine() throws Exception {
    try (TestNode node = node(Keys.NONE)) {
      assertEquals(List.of(200, 200, 200, 200, 204), statuses(node, ""));
      assertEquals(List.of(200, 200, 200, 200, 204), statuses(node, "somebody-elses"));
      for (String host : List.of("127.0.0.1:8080", "[::1]:8080", "LOCALHOST", "app.localhost:1")) {
        String request = "GET /status HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        assertEquals(200, RawClient.exchange(node.port(), request).status(), host);
      }
    }
  }

  @Test
  void aPageOfTheNodesOwnOriginMayPublish() throws Exception {
    try (TestNode node = node(new Keys(null, "pub", null))) {
      for (String origin : List.of("https://a.example", "http://a.example:80")) {
        String request =
            "POST /events HTTP/1.1\r\nHost: a.example\r\nOrigin: "
                + origin
                + "\r\nAuthorization: bearer pub\r\nSec-Fetch-Site: same-origin\r\n"
                + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"data\":1}";
        assertEquals(200, RawClient.exchange(node.port(), request).status(), origin);
      }
    }
  }

  @Test
  void theRoutesCanStandUnderAPrefixBesideOthers() throws Exception {
    try (TestNode node = new TestNode(new FakeHub(), HttpSettings.DEFAULTS, Keys.NONE, "/live/x")) {
      assertEquals(
          200, RawClient.exchange(node.port(), HostileCases.get("/live/x/status")).status());
      assertEquals(404, RawClient.exchange(node.port(), HostileCases.get("/status")).status());
    }
  }
}
