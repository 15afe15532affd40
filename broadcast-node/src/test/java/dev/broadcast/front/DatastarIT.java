package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.api.client.BroadcastClient;
import dev.broadcast.api.html.Datastar;
import dev.broadcast.api.html.Datastar.Mode;
import dev.broadcast.api.html.Element;
import dev.broadcast.testing.Browser;
import dev.broadcast.testing.NpmPackages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What Datastar's own client makes of what {@link Datastar} writes, published through a node, in a
 * headless Chromium. npm has no Datastar of version 1; a Python package carries its unchanged core.
 * {@code DATASTAR_JS} names a file to be tested instead.
 */
@Timeout(120)
class DatastarIT {
  private static final String CARRIER = "starhtml==0.7.0";
  private static final String TOPIC = "datastar";

  private static FrontNode node;
  private static BroadcastClient client;
  private static Browser chromium;
  private static Browser.Tab browser;
  private static WebSite site;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Browser.program().isPresent(), "Chromium is not installed");
    assumeTrue(NpmPackages.hasProgram("python3"), "Python is not installed");
    node = FrontNode.start(List.of("--drain=500ms"));
    client = BroadcastClient.of(node.uri());
    site = new WebSite(node.uri(), library());
    chromium = Browser.start();
    browser = chromium.open(site.put("/blank", "<!doctype html>"));
  }

  /** A directory that holds {@code node_modules/datastar.js}. */
  private static Path library() throws IOException, InterruptedException {
    Path directory = Path.of(System.getProperty("basedir", "."), "target", "datastar");
    Path modules = Files.createDirectories(directory.resolve("node_modules").toAbsolutePath());
    Path script = modules.resolve("datastar.js");
    String given = System.getenv("DATASTAR_JS");
    if (given != null) {
      Files.writeString(script, Files.readString(Path.of(given)));
    } else {
      Files.writeString(script, carried(directory));
    }
    return directory.toAbsolutePath();
  }

  private static String carried(Path directory) throws IOException, InterruptedException {
    Path log = directory.resolve("pip.log");
    Process pip =
        new ProcessBuilder(
                List.of(
                    "python3",
                    "-m",
                    "pip",
                    "download",
                    "-q",
                    "--no-deps",
                    "--only-binary=:all:",
                    "--python-version=3.12",
                    "--dest=" + directory,
                    CARRIER))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(
        true,
        pip.waitFor(60, TimeUnit.SECONDS) && pip.exitValue() == 0,
        () -> "pip cannot download " + CARRIER);
    try (Stream<Path> files = Files.list(directory);
        ZipFile wheel =
            new ZipFile(
                files
                    .filter(f -> f.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow()
                    .toFile())) {
      ZipEntry core = wheel.getEntry("starhtml/static/js/datastar-core.js");
      return new String(wheel.getInputStream(core).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      chromium.close();
      site.close();
      client.close();
      node.close();
    }
  }

  @BeforeEach
  void showThePage() {
    int before = site.opened();
    browser.go(
        site.put(
            "/page",
            "<!doctype html><html><head><script type='module'"
                + " src='/npm/datastar.js'></script></head><body><div data-signals='{\"count\": 1,"
                + " \"kept\": \"mine\", \"gone\": 1}'><div data-init=\"@get('/events?topic="
                + TOPIC
                + "')\" data-on-load=\"@get('/events?topic="
                + TOPIC
                + "')\"></div>"
                + "<b id='count' data-text='$count'></b><b id='kept' data-text='$kept'></b>"
                + "<ul id='list'><li id='a'>a</li><li id='b'>b</li></ul><p id='p'>old</p>"
                + "</div></body></html>"));
    Await.until("the page listens", () -> site.opened() > before);
  }

  private static void publish(Datastar event) {
    client.publish(event.message().topic(TOPIC).build()).join();
  }

  private static void await(String expression) {
    browser.await(expression, expression);
  }

  @Test
  void elementsArePatchedInEveryMode() {
    publish(Datastar.patchElements(Element.of("p").id("p").text("new <b>\nof two lines")));
    await("document.querySelector('#p').textContent === 'new <b>\\nof two lines'");
    publish(
        Datastar.patchElements(Element.of("li").id("c").text("c"), "#list", Mode.APPEND, false));
    publish(
        Datastar.patchElements(Element.of("li").id("z").text("z"), "#list", Mode.PREPEND, false));
    publish(Datastar.patchElements(Element.of("li").text("1"), "#b", Mode.BEFORE, false));
    publish(Datastar.patchElements(Element.of("li").text("2"), "#b", Mode.AFTER, true));
    publish(Datastar.patchElements(Element.of("i").text("A"), "#a", Mode.INNER, false));
    publish(Datastar.removeElements("#c"));
    publish(Datastar.patchElements(Element.of("li").id("b").text("B"), "#b", Mode.REPLACE, false));
    await("document.querySelector('#list').textContent === 'zA1B2'");
    assertEquals("A", browser.run("document.querySelector('#a > i').textContent").asText());
  }

  @Test
  void signalsArePatchedAndScriptsRun() {
    await("document.querySelector('#count').textContent === '1'");
    publish(Datastar.patchSignals(Map.of("count", 42), false));
    await("document.querySelector('#count').textContent === '42'");
    publish(Datastar.patchSignals(Map.of("kept", "theirs", "fresh", "yes"), true));
    publish(
        Datastar.patchElements(
            Element.of("p").id("p").attr("data-text", "$fresh + $count").text("")));
    await("document.querySelector('#p').textContent === 'yes42'");
    assertEquals("mine", browser.run("document.querySelector('#kept').textContent").asText());
    publish(Datastar.executeScript("window.ran = 'once'"));
    await("window.ran === 'once'");
    await("document.querySelector('body > script') === null");
  }
}
