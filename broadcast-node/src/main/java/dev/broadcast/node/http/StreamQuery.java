package dev.broadcast.node.http;

import dev.broadcast.api.Names;
import dev.broadcast.node.hub.Format;
import dev.broadcast.node.hub.StreamRequest;
import dev.broadcast.node.hub.StreamRequest.Start;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@code GET /events} asks for. */
final class StreamQuery {
  /** The most {@code meta.KEY=VALUE} of one connection. */
  static final int MAX_META = 32;

  /** The longest KEY, in characters. */
  static final int MAX_META_KEY = 64;

  private static final int MAX_HISTORY = 1_000_000;
  private static final String META = "meta.";
  private static final Set<String> KNOWN =
      Set.of(
          "topic",
          "type",
          "target",
          "history",
          "kind",
          "id",
          "format",
          "lastEventId",
          "last_event_id");

  private StreamQuery() {}

  static StreamRequest read(Exchange exchange, HttpSettings settings) {
    Query query = exchange.query();
    query.only(KNOWN, META);
    Set<String> topics = new LinkedHashSet<>(query.all("topic"));
    if (topics.size() > settings.maxTopics()) {
      throw Refusal.badRequest("topic", "at most " + settings.maxTopics() + " topics a stream");
    }
    if (topics.isEmpty()) {
      topics = Set.of(Names.DEFAULT_TOPIC);
    }
    String kind = query.single("kind");
    return new StreamRequest(
        List.copyOf(topics),
        new HashSet<>(query.all("type")),
        new HashSet<>(query.all("target")),
        kind == null ? StreamRequest.DEFAULT_KIND : kind,
        query.single("id"),
        metadata(query),
        format(query.single("format")),
        start(exchange.request(), query),
        exchange.caller().credential(),
        ClientAddress.of(exchange.request()));
  }

  /**
   * The cursor that the client came with, or null. The header wins: EventSource sends it by itself
   * and repeats the URL. An empty one is none (WHATWG HTML, 9.2.2).
   */
  static @Nullable String cursor(HttpServerRequest request, Query query) {
    for (String header : request.headers().getAll("Last-Event-ID")) {
      if (!header.isBlank()) {
        return header.strip();
      }
    }
    for (String name : List.of("lastEventId", "last_event_id")) {
      String value = query.single(name);
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return null;
  }

  private static Start start(HttpServerRequest request, Query query) {
    int last = query.number("history", 0, MAX_HISTORY, 0);
    String cursor = cursor(request, query);
    if (cursor != null) {
      return cursor.equals("earliest") ? new Start.Earliest() : new Start.After(cursor);
    }
    return last > 0 ? new Start.Last(last) : new Start.Now();
  }

  private static Format format(@Nullable String format) {
    if (format == null || format.equals("data")) {
      return Format.DATA;
    }
    if (format.equals("message")) {
      return Format.MESSAGE;
    }
    throw Refusal.badRequest("format", "data or message expected, not " + Text.quoted(format));
  }

  private static Map<String, String> metadata(Query query) {
    List<String> names = query.names(META);
    if (names.size() > MAX_META) {
      throw Refusal.badRequest(META + "KEY", "at most " + MAX_META + " of them");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    for (String name : names) {
      String key = name.substring(META.length());
      String shown = Text.shown(name);
      if (key.isEmpty() || key.length() > MAX_META_KEY) {
        throw Refusal.badRequest(shown, "a key of 1 to " + MAX_META_KEY + " characters expected");
      }
      String value = query.single(name);
      Names.name(shown, key);
      if (value != null && !value.isEmpty()) {
        Names.name(shown, value);
      }
      metadata.put(key, value == null ? "" : value);
    }
    return metadata;
  }
}
