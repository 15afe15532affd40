package dev.broadcast.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every way in which a request can be wrong, as bytes on a socket, and what it is told. */
class HostileRequestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static FakeHub hub;
  private static TestNode node;

  /** A request, and the status and field of its problem; no field: none is named. */
  record Case(String name, String request, int status, String field) {}

  @BeforeAll
  static void start() throws Exception {
    hub = new FakeHub();
    node = new TestNode(hub);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
  }

  @TestFactory
  Stream<DynamicTest> everyWrongRequestIsToldWhatIsWrong() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(HostileCases.heads());
    cases.addAll(HostileCases.streams());
    cases.addAll(HostileCases.publishing());
    cases.addAll(HostileCases.bodies());
    cases.addAll(HostileCases.others());
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c)));
  }

  private static void check(Case c) throws Exception {
    hub.published.clear();
    RawClient.Answer answer = RawClient.exchange(node.port(), c.request());
    assertEquals(c.status(), answer.status(), answer.body());
    assertEquals("application/problem+json", answer.headers().get("content-type"));
    JsonNode problem = JSON.readTree(answer.body().getBytes(ISO_8859_1));
    assertEquals(c.status(), problem.path("status").asInt());
    assertTrue(problem.path("title").asText().length() > 2, "title");
    assertTrue(problem.path("detail").asText().length() > 2, "detail");
    assertEquals("about:blank", problem.path("type").asText());
    if (c.field() == null) {
      assertTrue(problem.path("field").isMissingNode(), answer.body());
    } else {
      assertEquals(c.field(), problem.path("field").asText(), answer.body());
    }
    if (c.status() == 405) {
      assertNotNull(answer.headers().get("allow"));
    }
    assertEquals(List.of(), hub.published, "nothing is published");
    assertEquals(200, RawClient.exchange(node.port(), HostileCases.get("/health/live")).status());
  }

  @Test
  void whatIsRightPassesThroughTheSameDoor() throws Exception {
    for (String right :
        List.of(
            HostileCases.json("{\"data\":\"\"}"),
            HostileCases.json("{\"data\":null}"),
            HostileCases.json(" {\"data\":\"\\u0000\"} \r\n"),
            HostileCases.json("{\"data\":{\"a\":[1.10,1e2,-0,12345678901234567890]}}"),
            HostileCases.json("[{\"data\":1},{\"data\":2}]"),
            HostileCases.post("application/json; charset=\"UTF-8\"", "{\"data\":1}"),
            HostileCases.post("application/x-ndjson", "\n{\"data\":1}\r\n\n{\"data\":2}"),
            HostileCases.post("/events?topic=a/b&type=t&receipt=10s", "text/plain", "x"),
            HostileCases.post("text/html;charset=utf-8", "<b>\u00c3\u00a4</b>"),
            HostileCases.post("text/plain", ""),
            HostileCases.json("{\"data\":1}", "Idempotency-Key: a-b_c"),
            HostileCases.json("{\"data\":1}", "Origin: http://localhost"),
            HostileCases.get("/history?limit=200&after=e.g.0.1"),
            HostileCases.get("/status"),
            HostileCases.get("/health/ready"))) {
      assertEquals(200, RawClient.exchange(node.port(), right).status(), right);
    }
    assertEquals(
        204,
        RawClient.exchange(node.port(), HostileCases.call("DELETE", "/history?topic=a")).status());
  }

  @Test
  void utf8IsMeasuredInBytesAndSurvives() throws Exception {
    hub.published.clear();
    String body = new String("{\"data\":\"grün ☃ 😀\"}".getBytes(UTF_8), ISO_8859_1);
    assertEquals(200, RawClient.exchange(node.port(), HostileCases.json(body)).status());
    assertEquals("grün ☃ 😀", hub.published.get(0).data().content());
  }
}
