package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands on a stream, byte by byte. */
class WireTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters("--heartbeat=150ms");

  private final FrontNode node = CLUSTERS.on(Setup.REDIS).node(0);
  private final FrontNode other = CLUSTERS.on(Setup.REDIS).node(1);

  @Test
  void theFirstEventSaysWhoAndWhereAndCarriesACursor() {
    try (OpenStream client = node.listen("topic=a&topic=b&kind=job")) {
      JsonNode told = client.connected();
      assertTrue(
          told.path("connection_id").asText().matches("job_[a-z0-9]{10,24}"), told::toString);
      assertEquals("job", told.path("kind").asText());
      assertEquals(node.status().path("node").path("id").asText(), told.path("node").asText());
      assertEquals(2, told.path("topics").size());
      assertEquals(0.15, told.path("heartbeat_interval").asDouble());
      assertEquals("connected", client.events().get(0).type());
      assertFalse(client.cursor().isEmpty());
      assertTrue(
          client.cursor().length() <= 1024
              && client.cursor().chars().allMatch(c -> c > 0x20 && c < 0x7f));
    }
  }

  @Test
  void theHeadersAreThoseThatProxiesAndBrowsersNeedAndNoOthers() {
    try (OpenStream client = node.listen("topic=headers").awaitConnected()) {
      assertEquals("text/event-stream", client.header("Content-Type"));
      assertEquals("no-store, no-transform", client.header("Cache-Control"));
      assertEquals("no", client.header("X-Accel-Buffering"));
      assertNotEquals("keep-alive", client.header("Connection").toLowerCase(java.util.Locale.ROOT));
      assertEquals("", client.header("Access-Control-Allow-Origin"));
      assertEquals("", client.header("Content-Length"));
      assertEquals("", client.header("Last-Event-ID"));
    }
  }

  @Test
  void silenceIsBrokenByAComment() {
    try (OpenStream client = node.listen("topic=silence")) {
      client.await("heartbeats", s -> s.comments().size() >= 3);
      assertEquals(1, client.events().size());
      assertTrue(client.raw().contains("\n\n: heartbeat\n\n"), client::raw);
    }
  }

  @Test
  void heartbeatsMayBeOff() {
    try (TestCluster silent = TestCluster.start(Setup.ALONE, "--heartbeat=off");
        OpenStream client = silent.node(0).listen("topic=t");
        OpenStream beats = node.listen("topic=t")) {
      assertTrue(client.connected().path("heartbeat_interval").isNull());
      beats.await("heartbeats", s -> s.comments().size() >= 3);
      assertEquals(List.of(), client.comments());
    }
  }

  /** What is published, as JSON, and what a client's data is. */
  static Stream<Arguments> data() {
    return Stream.of(
        Arguments.of("\"text\"", "text"),
        Arguments.of("\"\"", ""),
        Arguments.of("\" leading and trailing \"", " leading and trailing "),
        Arguments.of("\": colon\"", ": colon"),
        Arguments.of("\"a\\nb\"", "a\nb"),
        Arguments.of("\"a\\rb\"", "a\nb"),
        Arguments.of("\"a\\r\\nb\"", "a\nb"),
        Arguments.of("\"a\\n\\rb\"", "a\n\nb"),
        Arguments.of("\"\\n\"", "\n"),
        Arguments.of("\"a\\r\\n\"", "a\n"),
        Arguments.of("\"nul\\u0000nul\"", "nul\0nul"),
        Arguments.of("\"\\u2028\\u0085 \\ufeff\"", "\u2028\u0085 \ufeff"),
        Arguments.of("\"\\ud83d\\ude00 é 漢\"", "\ud83d\ude00 é 漢"),
        Arguments.of("null", "null"),
        Arguments.of("true", "true"),
        Arguments.of("1.0", "1.0"),
        Arguments.of("-0.10e+07", "-0.10e+07"),
        Arguments.of(
            "12345678901234567890.123456789012345678901",
            "12345678901234567890.123456789012345678901"),
        Arguments.of("{ \"b\" : [ 1, 2.50 ],\n \"a\" : null }", "{\"b\":[1,2.50],\"a\":null}"),
        Arguments.of("[ ]", "[]"));
  }

  @ParameterizedTest
  @MethodSource("data")
  void dataArrivesAsPublishedLiveAndReplayed(String json, String expected) throws Exception {
    String topic = TestCluster.topic("data");
    String cursor = node.publish(topic, "before");
    try (OpenStream live = other.listen("topic=" + topic, cursor).awaitConnected()) {
      String id = publishRaw("{\"topic\":\"" + topic + "\",\"data\":" + json + "}");
      live.awaitMessages(1);
      for (FrontNode each : List.of(node, other)) {
        try (OpenStream replayed = each.listen("topic=" + topic, cursor).awaitMessages(1)) {
          for (OpenStream client : List.of(live, replayed)) {
            OpenStream.Event event = client.messages().get(0);
            assertEquals(expected, event.data());
            assertEquals("message", event.type());
            assertEquals(id, event.id());
            assertFalse(
                client.raw().contains("\r\ndata") || client.raw().contains("event: message"));
          }
        }
      }
    }
  }

  @Test
  void theBytesOfAnEventAreTheseAndEndInLineFeeds() throws Exception {
    String topic = TestCluster.topic("bytes");
    String cursor = node.publish(topic, "before");
    String id = node.publish(topic, "update", "a\r\nb");
    try (OpenStream client = node.listen("topic=" + topic, cursor).awaitMessages(1)) {
      assertTrue(
          client.raw().endsWith("id: " + id + "\nevent: update\ndata: a\ndata: b\n\n")
              || client.raw().contains("id: " + id + "\nevent: update\ndata: a\ndata: b\n\n"),
          client::raw);
      assertFalse(client.raw().contains("\r"));
    }
  }

  @Test
  void formatMessageIsTheWholeMessageWithoutEmptyFields() throws Exception {
    String topic = TestCluster.topic("whole");
    String cursor = node.publish(topic, "before");
    String plain =
        publishRaw(
            "{\"topic\":\""
                + topic
                + "\",\"data\":\"plain\\nlines\",\"target_ids\":[],\"metadata\":{ },"
                + "\"exclude\":[],\"to\":[]}");
    String full =
        publishRaw(
            "{\"topic\":\""
                + topic
                + "\",\"type\":\"update\",\"data\":{\"n\":1.50},"
                + "\"target_ids\":[\"t1\",\"t2\"],\"metadata\":{\"k\":[1]}}");
    try (OpenStream client = other.listen("format=message&topic=" + topic, cursor)) {
      client.awaitMessages(2);
      JsonNode first = client.messages().get(0).json();
      assertEquals("plain\nlines", first.path("data").asText());
      assertEquals(plain, first.path("id").asText());
      assertEquals(topic, first.path("topic").asText());
      assertTrue(
          first.path("timestamp").asText().matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{3}Z"));
      for (String absent : List.of("type", "target_ids", "metadata", "to", "exclude")) {
        assertTrue(first.path(absent).isMissingNode(), absent);
      }
      OpenStream.Event second = client.messages().get(1);
      assertEquals("update", second.type());
      assertEquals(full, second.json().path("id").asText());
      assertTrue(second.data().contains("\"data\":{\"n\":1.50}"), second.data());
      assertTrue(second.data().contains("\"target_ids\":[\"t1\",\"t2\"]"), second.data());
      assertTrue(second.data().contains("\"metadata\":{\"k\":[1]}"), second.data());
    }
  }

  @Test
  void batchesAreStoredInOrderAndAnsweredItemByItem() throws Exception {
    String topic = TestCluster.topic("batch");
    try (OpenStream client = other.listen("topic=" + topic).awaitConnected()) {
      Http.Answer array =
          node.post(
              "/events",
              List.of(
                  Map.of("topic", topic, "data", "1"),
                  Map.of("topic", topic, "data", "bad", "typo", "x"),
                  Map.of("topic", topic, "data", "2")));
      assertEquals(207, array.status());
      assertEquals(400, array.json().path("results").path(1).path("error").path("status").asInt());
      HttpResponse<String> lines =
          send(
              "application/x-ndjson",
              "{\"topic\":\""
                  + topic
                  + "\",\"data\":\"3\"}\n\n{broken\n{\"topic\":\""
                  + topic
                  + "\",\"data\":\"4\"}");
      assertEquals(207, lines.statusCode());
      client.awaitMessages(4);
      assertEquals(List.of("1", "2", "3", "4"), client.data());
      assertEquals(
          array.json().path("results").path(2).path("id").asText(), client.messages().get(1).id());
    }
  }

  private String publishRaw(String json) throws Exception {
    HttpResponse<String> answer = send("application/json", json);
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body().replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
  }

  private HttpResponse<String> send(String type, String body) throws Exception {
    URI events = node.uri().resolve("/events");
    HttpRequest request =
        HttpRequest.newBuilder(events)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }
}
