package dev.broadcast.api.html;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.broadcast.api.EventEncoder;
import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Message;
import dev.broadcast.api.html.Datastar.Mode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The cases that every Datastar SDK has to pass, each with the bytes that are expected of it. As in
 * Datastar's own comparison the order of lines of different kinds does not count.
 */
class DatastarTest {
  private static final Markup MERGE = Markup.raw("<div>Merge</div>");

  private static void expect(Datastar event, String... lines) {
    expect(event, null, null, lines);
  }

  private static void expect(
      Datastar event, @Nullable String id, @Nullable Duration retry, String... lines) {
    String encoded = new String(event.encode(id, retry), StandardCharsets.UTF_8);
    assertEquals(
        sorted(String.join("\n", lines) + "\n\n"), sorted(encoded), () -> "was " + encoded);
  }

  /** Lines of the same kind keep their order. */
  private static List<String> sorted(String block) {
    return Arrays.stream(block.split("\n", -1))
        .sorted(java.util.Comparator.comparing(DatastarTest::kind))
        .toList();
  }

  private static String kind(String line) {
    String[] words = line.split(" ", -1);
    return line.startsWith("data: ") && words.length > 1 ? words[0] + words[1] : words[0];
  }

  @Test
  void patchElementsWithDefaultsAndWithoutThem() {
    expect(
        Datastar.patchElements(MERGE),
        "event: datastar-patch-elements",
        "data: elements <div>Merge</div>");
    expect(
        Datastar.patchElements(MERGE, null, Mode.OUTER, false),
        "event: datastar-patch-elements",
        "data: elements <div>Merge</div>");
  }

  @Test
  void patchElementsWithAllOptions() {
    expect(
        Datastar.patchElements(MERGE, "div", Mode.APPEND, true),
        "event1",
        Duration.ofSeconds(2),
        "event: datastar-patch-elements",
        "id: event1",
        "retry: 2000",
        "data: selector div",
        "data: mode append",
        "data: useViewTransition true",
        "data: elements <div>Merge</div>");
  }

  @Test
  void patchElementsWithMultilineElements() {
    expect(
        Datastar.patchElements(Markup.raw("<div>\n  <span>Merge</span>\n</div>")),
        "event: datastar-patch-elements",
        "data: elements <div>",
        "data: elements   <span>Merge</span>",
        "data: elements </div>");
  }

  @Test
  void removeElementsWithDefaultsAndWithAllOptions() {
    expect(
        Datastar.removeElements("#target"),
        "event: datastar-patch-elements",
        "data: mode remove",
        "data: selector #target");
    expect(
        Datastar.patchElements(null, "#target", Mode.REMOVE, true),
        "event1",
        Duration.ofSeconds(2),
        "event: datastar-patch-elements",
        "id: event1",
        "retry: 2000",
        "data: selector #target",
        "data: mode remove",
        "data: useViewTransition true");
  }

  @Test
  void patchSignalsWithDefaultsAndWithAllOptions() {
    Map<String, Object> signals = new LinkedHashMap<>();
    signals.put("one", 1);
    signals.put("two", 2);
    expect(
        Datastar.patchSignals(signals, false),
        "event: datastar-patch-signals",
        "data: signals {\"one\":1,\"two\":2}");
    expect(
        Datastar.patchSignals(signals, true),
        "event1",
        Duration.ofSeconds(2),
        "event: datastar-patch-signals",
        "id: event1",
        "retry: 2000",
        "data: onlyIfMissing true",
        "data: signals {\"one\":1,\"two\":2}");
  }

  @Test
  void patchSignalsWithMultilineJsonAndSignals() {
    expect(
        Datastar.patchSignalsJson(
            "{\n\"one\": \"first signal\",\n\"two\":  \n\"second signal\"}", false),
        "event: datastar-patch-signals",
        "data: signals {",
        "data: signals \"one\": \"first signal\",",
        "data: signals \"two\":  ",
        "data: signals \"second signal\"}");
    Map<String, Object> signals = new LinkedHashMap<>();
    signals.put("one", "first\n signal");
    signals.put("two", "second signal");
    expect(
        Datastar.patchSignals(signals, false),
        "event: datastar-patch-signals",
        "data: signals {\"one\":\"first\\n signal\",\"two\":\"second signal\"}");
  }

  @Test
  void removeSignals() {
    Map<String, Object> signals = new LinkedHashMap<>();
    signals.put("one", null);
    expect(
        Datastar.patchSignals(signals, false),
        "event: datastar-patch-signals",
        "data: signals {\"one\":null}");
    signals.put("two", Collections.singletonMap("alpha", null));
    expect(
        Datastar.patchSignals(signals, false),
        "event1",
        Duration.ofSeconds(2),
        "event: datastar-patch-signals",
        "id: event1",
        "retry: 2000",
        "data: signals {\"one\":null,\"two\":{\"alpha\":null}}");
  }

  @Test
  void executeScriptWithDefaultsAndOverSeveralLines() {
    expect(
        Datastar.executeScript("console.log('hello');"),
        "event: datastar-patch-elements",
        "data: mode append",
        "data: selector body",
        "data: elements <script data-effect=\"el.remove()\">console.log('hello');</script>");
    expect(
        Datastar.executeScript("if (true) {\n  console.log('hello');\n}"),
        "event: datastar-patch-elements",
        "data: mode append",
        "data: selector body",
        "data: elements <script data-effect=\"el.remove()\">if (true) {",
        "data: elements   console.log('hello');",
        "data: elements }</script>");
  }

  @Test
  void executeScriptWithAllOptions() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("type", "text/javascript");
    attributes.put("blocking", "false");
    expect(
        Datastar.executeScript("console.log('hello');", attributes, false),
        "event1",
        Duration.ofSeconds(2),
        "event: datastar-patch-elements",
        "id: event1",
        "retry: 2000",
        "data: mode append",
        "data: selector body",
        "data: elements <script type=\"text/javascript\" blocking=\"false\">"
            + "console.log('hello');</script>");
  }

  @Test
  void aPublishedOneHasTheSameLinesAndTheNodesId() {
    Message message =
        Datastar.patchElements(Markup.raw("<p>\n</p>"), "#a", Mode.INNER, false)
            .message()
            .topic("t")
            .build();
    assertEquals(
        """
        id: e.1
        event: datastar-patch-elements
        data: selector #a
        data: mode inner
        data: elements <p>
        data: elements </p>

        """,
        new String(
            EventEncoder.event("e.1", message.type(), message.data().content()),
            StandardCharsets.UTF_8));
  }

  @Test
  void aSelectorCannotBreakOutOfItsLine() {
    assertThrows(
        InvalidMessageException.class,
        () -> Datastar.removeElements("#a\ndata: elements <script>"));
  }
}
