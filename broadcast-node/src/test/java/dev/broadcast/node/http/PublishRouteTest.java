package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.PublishOutcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishRouteTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private FakeHub hub;
  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    hub = new FakeHub();
    node = new TestNode(hub);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private JsonNode answer(int status, String request) throws Exception {
    var answer = RawClient.exchange(node.port(), request);
    assertEquals(status, answer.status(), answer.body());
    return JSON.readTree(answer.body().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void answersWhatWasStored() throws Exception {
    assertEquals(
        JSON.readTree(
            "{\"id\":\"e.g.0.7\",\"topic\":\"orders\",\"type\":\"update\","
                + "\"timestamp\":\"2023-11-14T22:13:20.000Z\"}"),
        answer(
            200,
            HostileCases.json(
                "{\"topic\":\"orders\",\"type\":\"update\",\"data\":{\"a\" : [1, 2]},"
                    + "\"target_ids\":[\"1\",\"2\"],\"metadata\":{\"k\":null},\"exclude\":[\"x\"],"
                    + "\"to\":[\"y\"]}")));
    assertEquals(
        List.of(
            new Message(
                "orders",
                "update",
                Data.json("{\"a\":[1,2]}"),
                List.of("1", "2"),
                "{\"k\":null}",
                List.of("x"),
                List.of("y"))),
        hub.published);
  }

  @Test
  void whatIsUnusualButRightPasses() throws Exception {
    for (String right :
        List.of(
            HostileCases.json("{\"data\":\"\"}"),
            HostileCases.json("{\"data\":null}"),
            HostileCases.json(" {\"data\":\"\\u0000\"} \r\n"),
            HostileCases.post("application/json; charset=\"UTF-8\"", "{\"data\":1}"),
            HostileCases.post("application/x-ndjson", "\n{\"data\":1}\r\n\n{\"data\":2}"),
            HostileCases.post("/events?topic=a/b&type=t&receipt=10s", "text/plain", "x"),
            HostileCases.post("text/html;charset=utf-8", "<b>\u00c3\u00a4</b>"),
            HostileCases.post("text/plain", ""),
            HostileCases.json("{\"data\":1}", "Idempotency-Key: a-b_c"),
            HostileCases.json("{\"data\":1}", "Origin: http://localhost"),
            HostileCases.get("/history?limit=200&after=e.g.0.1"))) {
      answer(200, right);
    }
    assertEquals(Data.text("\0"), hub.published.get(2).data());
    assertEquals(Data.text("<b>ä</b>"), hub.published.get(7).data());
  }

  @Test
  void utf8IsMeasuredInBytesAndSurvives() throws Exception {
    byte[] body = "{\"data\":\"grün ☃ 😀\"}".getBytes(StandardCharsets.UTF_8);
    answer(200, HostileCases.json(new String(body, StandardCharsets.ISO_8859_1)));
    assertEquals("grün ☃ 😀", hub.published.get(0).data().content());
  }

  @Test
  void numbersStayAsTheyWereWritten() throws Exception {
    answer(
        200,
        HostileCases.json(
            "{\"data\": [1.10, 1e2, 1E+2, -0, 0.1e-7, 12345678901234567890123, true, \"\\u00e4\\/\"] }"));
    assertEquals(
        "[1.10,1e2,1E+2,-0,0.1e-7,12345678901234567890123,true,\"ä/\"]",
        hub.published.get(0).data().content());
  }

  @Test
  void textIsDataAsItIs() throws Exception {
    answer(200, HostileCases.post("/events?topic=t&type=x%20y", "text/plain", " a\r\n{b}\0"));
    assertEquals(
        new Message("t", "x y", Data.text(" a\r\n{b}\0"), List.of(), null, List.of(), List.of()),
        hub.published.get(0));
    answer(200, HostileCases.post("text/html", "<p>hi</p>"));
    assertEquals(Message.of("global", "<p>hi</p>"), hub.published.get(1));
  }

  @Test
  void aReceiptAndARepetitionAreTold() throws Exception {
    hub.outcome = m -> new PublishOutcome.Stored(new MessageId("e", "g", 0, 7), 1, true);
    JsonNode answer =
        answer(
            200,
            HostileCases.post(
                "/events?receipt=500ms", "application/json", "{\"data\":1}", "Idempotency-Key: k"));
    assertEquals(3, answer.path("clients").asInt());
    assertEquals(2, answer.path("nodes").asInt());
    assertTrue(answer.path("complete").asBoolean());
    assertTrue(answer.path("repeated").asBoolean());
    assertEquals("k", hub.keys.get(0).key());
  }

  @Test
  void aBadItemLosesNoOther() throws Exception {
    JsonNode results =
        answer(
                207,
                HostileCases.json(
                    "[{\"data\":1},{\"data\":2,\"topic\":5,\"x\":[{}]},7,{\"data\":{\"a\":1,\"a\":2}},"
                        + "{\"data\":5}]",
                    "Idempotency-Key: k"))
            .path("results");
    assertEquals(5, results.size());
    assertEquals("e.g.0.7", results.get(0).path("id").asText());
    assertEquals("topic", results.get(1).path("error").path("field").asText());
    assertEquals("body", results.get(2).path("error").path("field").asText());
    assertEquals("data", results.get(3).path("error").path("field").asText());
    assertEquals("e.g.0.7", results.get(4).path("id").asText());
    assertEquals(List.of("1", "5"), hub.published.stream().map(m -> m.data().content()).toList());
    assertEquals(List.of(0, 4), hub.keys.stream().map(k -> k.item()).toList());
  }

  @Test
  void whatIsTooLongIsToldWithoutNamesFromTheParsersCode() throws Exception {
    String detail =
        answer(400, HostileCases.json("{\"data\":" + "1".repeat(2_000) + "}"))
            .path("detail")
            .asText();
    assertTrue(detail.contains("1000"), detail);
    assertFalse(detail.contains("getMax"), detail);
  }

  @Test
  void aBrokenLineFailsAloneAndBlankLinesCountForNothing() throws Exception {
    JsonNode results =
        answer(
                207,
                HostileCases.post(
                    "application/x-ndjson",
                    "{\"data\":1}\n\n{\"data\":\r\n\u00ff\n[{\"data\":2}]\n{\"data\":3} {}\n{\"data\":4}"))
            .path("results");
    assertEquals(6, results.size());
    for (int bad : List.of(1, 2, 3, 4)) {
      assertEquals(400, results.get(bad).path("error").path("status").asInt(), "line " + bad);
    }
    assertEquals(List.of("1", "4"), hub.published.stream().map(m -> m.data().content()).toList());
  }

  @Test
  void aBatchWhollyStoredIs200() throws Exception {
    assertEquals(
        2, answer(200, HostileCases.json("[{\"data\":1},{\"data\":2}]")).path("results").size());
  }

  @Test
  void aBatchOfWhichNothingIsRightNamesEachProblem() throws Exception {
    assertEquals(2, answer(207, HostileCases.json("[1,2]")).path("results").size());
  }

  @Test
  void aPublisherIsToldWhetherTryingAgainCouldDouble() throws Exception {
    hub.outcome = m -> new PublishOutcome.NotStored("Redis is away");
    var no = RawClient.exchange(node.port(), HostileCases.json("{\"data\":1}"));
    assertEquals(503, no.status());
    assertEquals("1", no.headers().get("retry-after"));
    assertEquals("no", JSON.readTree(no.body()).path("stored").asText());
    hub.outcome = m -> new PublishOutcome.Unknown("the answer was lost");
    assertEquals("unknown", answer(503, HostileCases.json("{\"data\":1}")).path("stored").asText());
    assertEquals(
        "unknown",
        answer(503, HostileCases.json("[{\"data\":1},{\"data\":2}]")).path("stored").asText());
    hub.outcome =
        m ->
            m.data().content().equals("1")
                ? new PublishOutcome.NotStored("gone")
                : new PublishOutcome.Stored(new MessageId("e", "g", 0, 7), 1, false);
    JsonNode results =
        answer(207, HostileCases.json("[{\"data\":1},{\"data\":2}]")).path("results");
    assertEquals("no", results.get(0).path("error").path("stored").asText());
  }

  @Test
  void aKeyUsedForSomethingElseIsRefused() throws Exception {
    hub.outcome = m -> new PublishOutcome.KeyReused();
    JsonNode problem = answer(422, HostileCases.json("{\"data\":1}", "Idempotency-Key: k"));
    assertEquals("Idempotency-Key", problem.path("field").asText());
  }

  @Test
  void sendReachesGlobalAndCountsTheCluster() throws Exception {
    assertEquals(
        JSON.readTree("{\"status\":\"sent\",\"clients\":3,\"message\":{\"a\":[1.0]}}"),
        answer(
            200,
            HostileCases.post(
                "/send", "application/json", "{\"message\":{\"a\":[1.0]},\"event\":\"note\"}")));
    assertEquals("global", hub.published.get(0).topic());
    assertEquals("note", hub.published.get(0).type());
    assertEquals(
        "hi",
        answer(200, HostileCases.post("/send", "application/json", "{\"message\":\"hi\"}"))
            .path("message")
            .asText());
    assertEquals(Data.text("hi"), hub.published.get(1).data());
  }

  @Test
  void statusHistoryAndHealthHaveTheirShapes() throws Exception {
    JsonNode status = answer(200, HostileCases.get("/status"));
    assertEquals(5, status.path("connected_clients").asInt());
    assertEquals(2, status.path("node").path("connected_clients").asInt());
    assertEquals(
        JSON.readTree("{\"topic\":\"global\",\"messages\":[{\"id\":\"e.g.0.1\",\"data\":1}]}"),
        answer(200, HostileCases.get("/history")));
    hub.ready = false;
    assertEquals(503, answer(503, HostileCases.get("/health/ready")).path("status").asInt());
    hub.ready = true;
    hub.draining = true;
    answer(503, HostileCases.get("/health/ready"));
    answer(200, HostileCases.get("/health/live"));
  }
}
