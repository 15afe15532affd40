package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.broadcast.testing.Browser;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The live page in a tab, as its visitor uses it. One thread at a time. */
final class LivePage implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What goes wrong without being seen, from the first moment on. */
  private static final String WITNESS =
      """
      window.wrong = [];
      document.addEventListener('securitypolicyviolation', (e) =>
        wrong.push(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
      addEventListener('error', (e) => wrong.push('error: ' + (e.message ?? e.target?.src)), true);
      addEventListener('unhandledrejection', (e) => wrong.push('rejected: ' + e.reason));
      new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) {
          if (!shift.hadRecentInput) {
            wrong.push('shift: ' + shift.value + ' of ' + shift.sources.map((s) =>
              (s.node?.id || s.node?.className || s.node?.textContent) + ' '
                + JSON.stringify(s.previousRect) + ' > ' + JSON.stringify(s.currentRect)));
          }
        }
      }).observe({ type: 'layout-shift', buffered: true });
      """;

  private final Browser.Tab tab;

  private LivePage(Browser.Tab tab) {
    this.tab = tab;
  }

  /** Opens it in a tab without keys; returns at once, shown or not. */
  static LivePage open(Browser browser, URI page) {
    Browser.Tab tab = browser.open(page.resolve("/health/live"));
    tab.command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WITNESS));
    tab.run("sessionStorage.clear()");
    size(tab, 1280, 900);
    tab.go(page);
    return new LivePage(tab);
  }

  private static void size(Browser.Tab tab, int width, int height) {
    tab.command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void size(int width, int height) {
    size(tab, width, height);
  }

  /** Waits until it shows something. */
  LivePage awaitShown() {
    await("!document.getElementById('main').hidden");
    return this;
  }

  JsonNode run(String script) {
    return tab.run(script);
  }

  void await(String script) {
    tab.await(script, script);
  }

  String text(String id) {
    return run("document.getElementById('" + id + "').textContent").asText();
  }

  void awaitText(String id, String part) {
    await("document.getElementById('" + id + "').textContent.includes(" + quoted(part) + ")");
  }

  /** Types into an empty field, as a keyboard would. */
  void type(String id, String text) {
    run("document.getElementById('" + id + "').focus(); document.activeElement.select()");
    tab.command("Input.insertText", Map.of("text", text));
    assertEquals(text, run("document.getElementById('" + id + "').value").asText());
  }

  /** Presses a key where the focus is. */
  void press(String key, int code) {
    String text = key.equals("Enter") ? "\r" : ""; // without it, no form is sent
    for (String type : List.of("keyDown", "keyUp")) {
      tab.command(
          "Input.dispatchKeyEvent",
          Map.of(
              "type", type, "key", key, "code", key, "text", text, "windowsVirtualKeyCode", code));
    }
  }

  /** Clicks with the mouse, so that it must be visible and under nothing else. */
  void click(String selector) {
    JsonNode at =
        run(
            "(() => { const e = document.querySelector("
                + quoted(selector)
                + "); e.scrollIntoView({ block: 'center', behavior: 'instant' });"
                + " const r = e.getBoundingClientRect();"
                + " return { x: r.x + r.width / 2, y: r.y + r.height / 2 }; })()");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      tab.command(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              at.path("x").asDouble(),
              "y",
              at.path("y").asDouble(),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Violations of the policy, uncaught errors, and moves of what was on the page. */
  List<String> wrong() {
    return StreamSupport.stream(run("wrong").spliterator(), false).map(JsonNode::asText).toList();
  }

  private static String quoted(String text) {
    return JSON.valueToTree(text).toString();
  }

  @Override
  public void close() {
    tab.close();
  }
}
