package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/api.md} and the page {@code /api} are made from {@code openapi.yaml}; {@code
 * -Dbroadcast.write=true} makes them.
 */
class ApiPageTest {
  private static final Path MODULE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
  private static final Path DOC = MODULE.resolveSibling("docs").resolve("api.md");
  private static final Path PAGE =
      MODULE.resolve("src/main/resources/dev/broadcast/node/http/api.html");
  private static final String STALE =
      " is stale: mvn test -pl broadcast-node -am -Dtest=ApiPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dbroadcast.write=true";

  private final JsonNode document;

  ApiPageTest() throws Exception {
    document = new YAMLMapper().readTree(OpenApi.document());
  }

  private String markdown() {
    ApiReference reference = new ApiReference(document);
    return reference.markdown().replace("## Shapes\n", reference.refusals() + "## Shapes\n");
  }

  @Test
  void bothSayWhatTheDocumentSays() throws Exception {
    String markdown = "<!-- written by ApiPageTest from openapi.yaml -->\n\n" + markdown();
    String page = new ApiPage(markdown()).html();
    if (Boolean.getBoolean("broadcast.write")) {
      Files.writeString(DOC, markdown);
      Files.writeString(PAGE, page);
    }
    assertEquals(markdown, Files.readString(DOC), DOC + STALE);
    assertEquals(page, Files.readString(PAGE), PAGE + STALE);
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            assertTrue(
                                page.contains(
                                    "<h3 id=\""
                                        + ApiPage.anchor(method + " " + path.getKey())
                                        + "\"><code>"
                                        + method.toUpperCase(Locale.ROOT)
                                        + " "
                                        + path.getKey()
                                        + "</code></h3>"),
                                method + " " + path.getKey())));
  }

  @Test
  void everyParameterAndFieldSaysWhatItIsFor() {
    document
        .path("paths")
        .forEach(
            path ->
                path.forEach(
                    operation ->
                        operation
                            .path("parameters")
                            .forEach(
                                p ->
                                    assertFalse(
                                        p.path("description").asText().isEmpty(), "" + p))));
  }

  /**
   * No script, nothing from another host: it works behind any Content-Security-Policy but style.
   */
  @Test
  void isServedAndLoadsNothing() throws Exception {
    try (TestNode node = new TestNode(new FakeHub())) {
      var answer = RawClient.exchange(node.port(), HostileCases.get("/api"));
      assertEquals(200, answer.status());
      assertEquals("text/html; charset=utf-8", answer.headers().get("content-type"));
      assertTrue(answer.body().contains("<code>POST /events</code>"), answer.body());
      assertFalse(answer.body().matches("(?s).*(<script|<link|src=|//).*"), answer.body());
    }
  }
}
