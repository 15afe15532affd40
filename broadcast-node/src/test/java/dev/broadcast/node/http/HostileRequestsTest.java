package dev.broadcast.node.http;

import static dev.broadcast.node.http.HostileCases.call;
import static dev.broadcast.node.http.HostileCases.get;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.broadcast.node.BroadcastNode;
import dev.broadcast.node.ops.SettingsReader;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every way in which a request can be wrong, as bytes on a socket, and what it is told by a node
 * with nothing faked.
 */
class HostileRequestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static BroadcastNode node;

  /** A request, and the status and field of its problem; no field: none is named. */
  record Case(String name, String request, int status, String field) {}

  @BeforeAll
  static void start() throws Exception {
    var settings =
        new SettingsReader(
                Map.of(),
                new PrintWriter(Writer.nullWriter()),
                new PrintWriter(Writer.nullWriter()))
            .read(
                "--port=0",
                "--max-body=20000B",
                "--body-timeout=700ms",
                "--head-timeout=700ms",
                "--max-batch=20",
                "--max-topics=5",
                "--history-size=100",
                "--drain=1s")
            .settings();
    node = BroadcastNode.start(settings, message -> {}).get(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    node.stop().get(20, TimeUnit.SECONDS);
  }

  @TestFactory
  Stream<DynamicTest> everyWrongRequestIsToldWhatIsWrong() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(HostileCases.heads());
    cases.addAll(HostileCases.streams());
    cases.addAll(HostilePublishing.cases());
    cases.addAll(HostileCases.bodies());
    cases.addAll(HostileCases.others());
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c)));
  }

  private static void check(Case c) throws Exception {
    RawClient.Answer answer;
    try (var client = new RawClient(node.port())) {
      client.send(c.request());
      answer = client.answer();
      if ("close".equals(answer.headers().get("connection"))) {
        assertTrue(client.ends(), "it said that it would");
      }
    }
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
    var history = RawClient.exchange(node.port(), HostileCases.get("/history?topic=global"));
    assertEquals("{\"topic\":\"global\",\"messages\":[]}", history.body(), "nothing is published");
  }

  /** Answers wait in the node's memory for who reads them: so nobody may be owed many. */
  @Test
  void whoAsksOnAndOnWithoutReadingIsServedNoFurther() throws Exception {
    int many = 1_000;
    try (var greedy = new RawClient(node.port(), 32_768)) {
      greedy.send(call("PUT", "/event-types/early", "Content-Length: 0"));
      greedy.send(get("/openapi.yaml").repeat(many));
      greedy.send(call("PUT", "/event-types/late", "Content-Length: 0"));
      await().until(() -> types().contains("early"));
      for (int i = 0; i < 500; i++) {
        assertFalse(types().contains("late"), "after " + i + " requests of others");
      }
      // What it asked for it gets, once it reads.
      for (int i = 0; i < many + 2; i++) {
        assertEquals(200, greedy.answer().status());
      }
      assertTrue(types().contains("late"));
    }
  }

  private static String types() throws Exception {
    return RawClient.exchange(node.port(), get("/event-types")).body();
  }
}
