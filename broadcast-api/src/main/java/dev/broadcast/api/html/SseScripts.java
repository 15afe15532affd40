package dev.broadcast.api.html;

import dev.broadcast.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scripts for pages that listen with htmx, 2 or 4, whichever is loaded. They may stand anywhere in
 * the page, before or after htmx, in any order. All of them are one line of configuration and one
 * function each, from the {@code .js} files beside this class.
 */
public final class SseScripts {
  private SseScripts() {}

  /**
   * Closes the page's streams when it is left, so that the server hears of it at once, and opens
   * them again if the browser brings the page back from its cache.
   */
  public static Element cleanup() {
    return script("cleanup", Map.of());
  }

  /** The same with a check every 5 s, 5 tries, and no words on the console. */
  public static Element reconnection() {
    return reconnection(Duration.ofSeconds(5), 5, false);
  }

  /**
   * Opens streams again that the browser or htmx has given up: after a whole check interval, then
   * after twice as long, and so on. They go on after the last event that the page has seen. Tries
   * are counted anew when one succeeds, when the page is shown again and when the network is back.
   * A stream that the server has ended for good ({@code until=}) stays closed.
   *
   * @param checkInterval how often it looks; more than 0
   * @param tries how often it tries before it gives up, which it says by the event {@code
   *     sse:gave-up} on the element; 1 or more
   * @param debug whether it tells the console what it does
   */
  public static Element reconnection(Duration checkInterval, int tries, boolean debug) {
    positive("checkInterval", checkInterval);
    if (tries < 1) {
      throw new IllegalArgumentException("tries: at least 1 expected, not " + tries);
    }
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("checkInterval", checkInterval.toMillis());
    config.put("tries", tries);
    config.put("debug", debug);
    return script("reconnection", config);
  }

  /** Statistics of {@code /connections/stats}, every 10 s. */
  public static Element statistics() {
    return statistics("/connections/stats", Duration.ofSeconds(10));
  }

  /**
   * Shows the figures of all connections: in every element that has {@code data-sse-stats="total"}
   * ({@code active}, {@code message_count}, {@code by_type.KIND}), and as the event {@code
   * sse:stats} on the document, its detail being the whole answer.
   *
   * @param endpoint where the figures are
   * @param interval how often they are asked for while the page can be seen; more than 0
   */
  public static Element statistics(String endpoint, Duration interval) {
    positive("interval", interval);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("endpoint", endpoint);
    config.put("interval", interval.toMillis());
    return script("statistics", config);
  }

  /**
   * Makes htmx 4 swap the types that {@code sse-swap} names, on the listening element and below it,
   * as htmx 2 does by itself.
   */
  public static Element namedEvents() {
    return script("named-events", Map.of());
  }

  private static Element script(String name, Map<String, Object> config) {
    // Within a script nothing is escaped: "<" of an address must not begin a tag.
    String json = Json.write(config).replace("<", "\\u003c");
    return Element.script("(" + read(name + ".js").strip() + ")(" + json + ");");
  }

  private static String read(String file) {
    try (InputStream in = SseScripts.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing beside " + SseScripts.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": at least a millisecond expected");
    }
  }
}
