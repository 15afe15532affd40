package dev.broadcast.api.html;

import dev.broadcast.api.Data;
import dev.broadcast.api.Json;
import dev.broadcast.api.Message;
import dev.broadcast.api.MessageBuilder;
import dev.broadcast.api.Names;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event of Datastar: its type and its lines of data. Publish it with {@link #message}: it
 * passes through history and resume like any message. Immutable.
 *
 * @param type {@code datastar-patch-elements} or {@code datastar-patch-signals}
 * @param lines of data, without line breaks
 */
public record Datastar(String type, List<String> lines) {
  private static final String ELEMENTS = "datastar-patch-elements";
  private static final String SIGNALS = "datastar-patch-signals";

  /** How elements are patched into the page. */
  public enum Mode {
    OUTER,
    INNER,
    REPLACE,
    PREPEND,
    APPEND,
    BEFORE,
    AFTER,
    REMOVE;

    /** As Datastar calls it. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Datastar {
    Names.type("type", type);
    lines = List.copyOf(lines);
  }

  /** Patches elements by their own ids. */
  public static Datastar patchElements(Markup elements) {
    return patchElements(elements, null, Mode.OUTER, false);
  }

  /**
   * Patches elements.
   *
   * @param elements whole elements, each with an id unless there is a selector; null for none, with
   *     {@link Mode#REMOVE} and a selector
   * @param selector where, or null for the elements' own ids
   * @param mode how
   * @param viewTransition whether the browser animates it
   */
  public static Datastar patchElements(
      @Nullable Markup elements, @Nullable String selector, Mode mode, boolean viewTransition) {
    List<String> lines = new ArrayList<>();
    if (selector != null) {
      lines.add("selector " + oneLine("selector", selector));
    }
    if (mode != Mode.OUTER) {
      lines.add("mode " + mode.wire());
    }
    if (viewTransition) {
      lines.add("useViewTransition true");
    }
    if (elements != null) {
      addLines(lines, "elements", elements.html());
    }
    return new Datastar(ELEMENTS, lines);
  }

  /** Takes all elements of a selector out. */
  public static Datastar removeElements(String selector) {
    return patchElements(null, selector, Mode.REMOVE, false);
  }

  /**
   * Patches signals (RFC 7386: null removes one).
   *
   * @param signals see {@link Json}
   * @param onlyIfMissing whether those that exist already stay as they are
   */
  public static Datastar patchSignals(Map<String, ?> signals, boolean onlyIfMissing) {
    return patchSignalsJson(Json.write(signals), onlyIfMissing);
  }

  /**
   * Patches signals.
   *
   * @param signals a JSON object as it is to be sent, may have several lines
   */
  public static Datastar patchSignalsJson(String signals, boolean onlyIfMissing) {
    List<String> lines = new ArrayList<>();
    if (onlyIfMissing) {
      lines.add("onlyIfMissing true");
    }
    addLines(lines, "signals", signals);
    return new Datastar(SIGNALS, lines);
  }

  /** Runs a script and takes it out of the page again. */
  public static Datastar executeScript(String code) {
    return executeScript(code, Map.of(), true);
  }

  /**
   * Runs a script.
   *
   * @param code trusted
   * @param attributes of the script element, in their order
   * @param autoRemove whether the element is taken out when it has run
   */
  public static Datastar executeScript(
      String code, Map<String, String> attributes, boolean autoRemove) {
    Element script = Element.script(code).attrs(attributes);
    return patchElements(
        autoRemove ? script.attr("data-effect", "el.remove()") : script,
        "body",
        Mode.APPEND,
        false);
  }

  /** A message of it, to be refined and published. */
  public MessageBuilder message() {
    return Message.builder(type, Data.text(String.join("\n", lines)));
  }

  /**
   * Its bytes for a stream of one's own, in the order that Datastar demands: event, id, retry,
   * data.
   *
   * @param id its id, or null
   * @param retry how long a client waits before it comes back, or null
   */
  public byte[] encode(@Nullable String id, @Nullable Duration retry) {
    StringBuilder out = new StringBuilder("event: ").append(type).append('\n');
    if (id != null) {
      out.append("id: ").append(Names.name("id", id)).append('\n');
    }
    if (retry != null) {
      out.append("retry: ").append(retry.toMillis()).append('\n');
    }
    lines.forEach(line -> out.append("data: ").append(line).append('\n'));
    return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void addLines(List<String> lines, String name, String text) {
    for (String line : text.split("\r\n|\r|\n", -1)) {
      lines.add(name + " " + line);
    }
  }

  private static String oneLine(String name, String value) {
    return Names.name(name, value);
  }
}
