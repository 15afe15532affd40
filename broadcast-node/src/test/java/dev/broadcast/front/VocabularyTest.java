package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import dev.broadcast.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vocabulary is the cluster's, and strict nodes hold publishers to it. */
class VocabularyTest {
  @RegisterExtension
  static final SharedClusters STRICT = new SharedClusters("--strict", "--event-types=order,ship");

  private static final List<String> STANDARD =
      List.of("create", "update", "delete", "refresh", "status", "error", "custom");

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void strictNodesTakeStandardConfiguredAndUnnamedTypesOnly(Setup setup) {
    TestCluster cluster = STRICT.on(setup);
    for (FrontNode node : cluster.nodes()) {
      for (String type : STANDARD) {
        node.publish("t", type, "x");
      }
      node.publish("t", "order", "x");
      node.publish("t", "unnamed");
      Http.Answer refused = node.post("/events", Map.of("type", "nobody-knows", "data", 1));
      assertEquals(422, refused.status(), refused::text);
      assertEquals("type", refused.json().path("field").asText());
      assertTrue(refused.json().path("detail").asText().contains("order"), refused::text);
      assertEquals(
          422, node.post("/send", Map.of("message", "x", "event", "nobody-knows")).status());
      JsonNode batch =
          node.post(
                  "/events", List.of(Map.of("data", 1), Map.of("data", 2, "type", "nobody-knows")))
              .json();
      assertTrue(batch.path("results").path(0).has("id"), batch::toString);
      assertEquals(422, batch.path("results").path(1).path("error").path("status").asInt());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void aTypeRegisteredOnOneNodeHoldsOnAllAtOnce(Setup setup) {
    TestCluster cluster = STRICT.on(setup);
    String type = "späte art/" + TestCluster.topic("type");
    assertEquals(422, cluster.node(1).post("/events", Map.of("type", type, "data", 1)).status());
    Http.Answer put = cluster.node(0).call("PUT", "/event-types/" + encoded(type), "");
    assertEquals(200, put.status(), put::text);
    cluster.node(1).publish("t", type, "x");
    for (FrontNode node : cluster.nodes()) {
      JsonNode answer = node.get("/event-types").json();
      assertTrue(answer.path("strict").asBoolean());
      List<String> types = new ArrayList<>();
      answer.path("types").forEach(t -> types.add(t.asText()));
      assertTrue(types.containsAll(STANDARD), types::toString);
      assertTrue(types.containsAll(List.of("order", "ship", type)), types::toString);
      assertEquals(2, answer.size());
    }
    for (String reserved : List.of("connected", "reset", "presence", "heartbeat", "closing")) {
      assertEquals(400, cluster.node(0).call("PUT", "/event-types/" + reserved, "").status());
    }
    assertEquals(400, cluster.node(0).call("PUT", "/event-types/a%0Ab", "").status());
    Http.Answer post = cluster.node(0).post("/event-types/x", Map.of());
    assertEquals(405, post.status());
    assertEquals("OPTIONS, PUT", post.header("Allow"));
  }

  @Test
  void aNodeStartedLaterKnowsThem() {
    String prefix = TestRedis.freshPrefix();
    List<String> flags = List.of("--strict");
    try (TestCluster first = TestCluster.onRedis(TestRedis.url(), prefix, 1, flags)) {
      assertEquals(200, first.node(0).call("PUT", "/event-types/invoice", "").status());
      try (TestCluster later = TestCluster.onRedis(TestRedis.url(), prefix, 1, flags)) {
        later.node(0).publish("t", "invoice", "x");
      }
    }
  }

  @Test
  void permissiveNodesTakeAllAndRememberWhatIsRegistered() {
    try (TestCluster cluster = TestCluster.start(Setup.ALONE)) {
      FrontNode node = cluster.node(0);
      node.publish("t", "anything", "x");
      assertEquals(200, node.call("PUT", "/event-types/anything", "").status());
      JsonNode answer = node.get("/event-types").json();
      assertFalse(answer.path("strict").asBoolean(true));
      assertTrue(answer.path("types").toString().contains("\"anything\""));
    }
  }

  private static String encoded(String type) {
    return java.net.URLEncoder.encode(type, java.nio.charset.StandardCharsets.UTF_8)
        .replace("+", "%20");
  }
}
