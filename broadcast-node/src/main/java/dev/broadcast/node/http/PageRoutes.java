package dev.broadcast.node.http;

import dev.broadcast.node.security.Right;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The live page: {@code /} and its files below {@code /page/}. They hold nothing that is secret;
 * what the page shows it asks for like any other client, with its visitor's keys. All addresses in
 * it are relative, so that it works below any prefix. Any event loop.
 */
final class PageRoutes {
  /** Nothing inline, nothing from elsewhere, in nobody's frame. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "html", "text/html; charset=utf-8",
          "svg", "image/svg+xml");

  /** Beside {@code index.html}. */
  static final Set<String> FILES =
      Set.of(
          "icon.svg",
          "base.css",
          "page.css",
          "uPlot.min.css",
          "uPlot.iife.min.js",
          "main.js",
          "api.js",
          "charts.js",
          "connections.js",
          "dom.js",
          "figures.js",
          "format.js",
          "keys.js",
          "nodes.js",
          "overview.js",
          "publish.js",
          "reasons.js",
          "replay.js",
          "selfpicture.js",
          "selftest.js",
          "stream.js",
          "tail.js",
          "topics.js");

  /** Those that were asked for: a start does not read and pack what perhaps nobody wants. */
  private final Map<String, AssetRoute> read = new ConcurrentHashMap<>();

  /** The page. */
  Resource page() {
    return new Resource()
        .on(
            "GET",
            Right.NONE,
            exchange -> {
              exchange.response().putHeader("Content-Security-Policy", POLICY);
              exchange.response().putHeader("Referrer-Policy", "no-referrer");
              file("index.html").get(exchange);
            });
  }

  /** The path's last segment names a file of the page. */
  Resource file() {
    return new Resource()
        .on(
            "GET",
            Right.NONE,
            exchange -> {
              String name = exchange.segment(0);
              if (!FILES.contains(name)) {
                throw Refusal.of(404, "path", "no file of the live page has this name");
              }
              file(name).get(exchange);
            });
  }

  private AssetRoute file(String name) {
    String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "");
    return read.computeIfAbsent(name, n -> new AssetRoute("page/" + n, type));
  }

  /** From the prefix, under which the page is not, to the page, whose addresses are relative. */
  static Resource redirect(String prefix) {
    String to = prefix.substring(prefix.lastIndexOf('/') + 1) + '/';
    return new Resource()
        .on(
            "GET",
            Right.NONE,
            exchange -> {
              exchange.response().putHeader(HttpHeaders.LOCATION, to);
              exchange.empty(308);
            });
  }
}
