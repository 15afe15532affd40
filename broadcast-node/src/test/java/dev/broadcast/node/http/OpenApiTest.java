package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.broadcast.node.backplane.MemoryTickets;
import dev.broadcast.node.ops.metrics.NodeMetrics;
import dev.broadcast.node.security.Guard;
import dev.broadcast.node.security.Keys;
import dev.broadcast.node.security.Right;
import dev.broadcast.node.transport.StreamTransports;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The document and the routes say the same. */
class OpenApiTest {
  private static final Map<Right, String> TAGS =
      Map.of(
          Right.NONE,
          "open",
          Right.SUBSCRIBE,
          "subscribe",
          Right.PUBLISH,
          "publish",
          Right.ADMINISTER,
          "administer");

  private final JsonNode document;
  private final Map<String, Resource> routes;

  OpenApiTest() throws Exception {
    document = new YAMLMapper().readTree(OpenApi.document());
    Vertx vertx = Vertx.vertx();
    routes =
        new BroadcastRoutes(
                vertx,
                new FakeHub(),
                HttpSettings.DEFAULTS,
                Guard.of(Keys.NONE, true),
                StreamTransports::open,
                new MemoryTickets(Runnable::run, InstantSource.system(), null),
                new NodeMetrics(null, null, null)) // never asked
            .resources();
    vertx.close();
  }

  private Set<String> described(String path) {
    Set<String> methods = new TreeSet<>();
    document
        .path("paths")
        .path(path)
        .fieldNames()
        .forEachRemaining(name -> methods.add(name.toUpperCase(Locale.ROOT)));
    return methods;
  }

  @Test
  void describesExactlyTheRoutesThatExist() {
    Map<String, Set<String>> existing = new TreeMap<>();
    routes.forEach(
        (path, resource) -> {
          Set<String> methods = new TreeSet<>(resource.methods());
          methods.remove("HEAD");
          existing.put(path.replaceAll(":([a-z]+)", "{$1}"), methods);
        });
    Map<String, Set<String>> written = new TreeMap<>();
    document
        .path("paths")
        .fieldNames()
        .forEachRemaining(path -> written.put(path, described(path)));
    assertEquals(existing, written);
  }

  @Test
  void namesTheRightThatEachNeedsAndTheAnswersThatFollow() {
    routes.forEach(
        (path, resource) -> {
          for (String method : described(path)) {
            JsonNode operation =
                document.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
            Right right = resource.action(method).right();
            assertEquals(TAGS.get(right), operation.path("tags").path(0).asText(), path);
            Set<String> statuses = new TreeSet<>();
            operation.path("responses").fieldNames().forEachRemaining(statuses::add);
            if (right != Right.NONE) {
              assertTrue(statuses.containsAll(List.of("401", "403")), path + statuses);
            }
            if (method.equals("POST")) {
              assertTrue(statuses.containsAll(List.of("408", "413", "415")), path + statuses);
            }
          }
        });
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    document
        .findValues("$ref")
        .forEach(
            reference -> {
              String pointer = reference.asText().substring(1);
              assertTrue(!document.at(pointer).isMissingNode(), pointer);
            });
  }

  @Test
  void isServed() throws Exception {
    try (TestNode node = new TestNode(new FakeHub())) {
      var answer = RawClient.exchange(node.port(), HostileCases.get("/openapi.yaml"));
      assertEquals(200, answer.status());
      assertEquals("application/yaml", answer.headers().get("content-type"));
      assertTrue(answer.body().startsWith("openapi: 3.1.0\n"), answer.body());
    }
  }
}
