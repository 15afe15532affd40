package dev.broadcast.node.http;

import dev.broadcast.api.Names;
import dev.broadcast.node.hub.Format;
import dev.broadcast.node.hub.StreamRequest;
import dev.broadcast.node.hub.StreamRequest.Start;
import dev.broadcast.node.ops.Durations;
import dev.broadcast.node.security.AccessDeniedException;
import dev.broadcast.node.security.Caller;
import java.time.Duration;
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
  private static final Duration LONGEST_THROTTLE = Duration.ofHours(1);
  private static final String META = "meta.";
  private static final List<String> DEFAULT_TOPICS = List.of(Names.DEFAULT_TOPIC);
  private static final Start NOW = new Start.Now();
  private static final Set<String> KNOWN =
      Set.of(
          "topic",
          "type",
          "target",
          "history",
          "kind",
          "id",
          "format",
          "until",
          "throttle",
          "heartbeat",
          "presence",
          "lastEventId",
          "last_event_id",
          "ticket",
          // Datastar's client sends the page's signals along with every GET, asked or not.
          "datastar");

  private StreamQuery() {}

  static StreamRequest read(Exchange exchange, Caller caller, HttpSettings settings) {
    Query query = exchange.query();
    query.only(KNOWN, META);
    List<String> topics = topics(query.all("topic"), settings.maxTopics());
    for (String topic : topics) {
      if (!caller.maySubscribe(topic)) {
        throw new AccessDeniedException(
            403, "topic", "this credential may not subscribe to " + Text.quoted(topic));
      }
    }
    String kind = own("kind", query.single("kind"), caller.kind());
    return new StreamRequest(
        topics,
        set(query.all("type")),
        set(query.all("target")),
        kind == null ? StreamRequest.DEFAULT_KIND : kind,
        own("id", query.single("id"), caller.id()),
        metadata(query),
        format(query.single("format")),
        start(exchange.head(), query),
        caller.credential(),
        ClientAddress.of(exchange.request()),
        query.isEmpty() ? StreamRequest.Extras.NONE : extras(query));
  }

  private static StreamRequest.Extras extras(Query query) {
    Set<String> until = new LinkedHashSet<>();
    for (String types : query.all("until")) {
      until.addAll(List.of(types.split(",", -1)));
    }
    Duration throttle = throttle(query.single("throttle"));
    boolean events = oneOf(query, "heartbeat", "comment", "event");
    boolean presence = oneOf(query, "presence", "false", "true");
    return until.isEmpty() && throttle.isZero() && !events && !presence
        ? StreamRequest.Extras.NONE
        : new StreamRequest.Extras(until, throttle, events, presence);
  }

  private static Duration throttle(@Nullable String value) {
    if (value == null) {
      return Duration.ZERO;
    }
    try {
      Duration interval = Durations.parse(value);
      if (!interval.isZero() && interval.compareTo(LONGEST_THROTTLE) <= 0) {
        return interval;
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw Refusal.badRequest(
        "throttle",
        "a duration from 1ms to 1h, with its unit, expected (500ms, 2s), not "
            + Text.quoted(value));
  }

  /** Whether a parameter has its second value rather than the first, which is the default. */
  private static boolean oneOf(Query query, String name, String first, String second) {
    String value = query.single(name);
    if (value != null && !value.equals(first) && !value.equals(second)) {
      throw Refusal.badRequest(
          name, first + " or " + second + " expected, not " + Text.quoted(value));
    }
    return second.equals(value);
  }

  /** A name that the caller's token may fix: nobody poses as another. */
  private static @Nullable String own(
      String field, @Nullable String given, @Nullable String fixed) {
    if (fixed != null && given != null && !given.equals(fixed)) {
      throw new AccessDeniedException(403, field, "this credential names another " + field);
    }
    return fixed != null ? fixed : given;
  }

  private static List<String> topics(List<String> given, int max) {
    if (given.isEmpty()) {
      return DEFAULT_TOPICS;
    }
    if (given.size() == 1) {
      return given;
    }
    List<String> topics = List.copyOf(new LinkedHashSet<>(given));
    if (topics.size() > max) {
      throw Refusal.badRequest("topic", "at most " + max + " topics a stream");
    }
    return topics;
  }

  private static Set<String> set(List<String> values) {
    return values.isEmpty() ? Set.of() : Set.copyOf(values);
  }

  /**
   * The cursor that the client came with, or null. The header wins: EventSource sends it by itself
   * and repeats the URL. An empty one is none (WHATWG HTML, 9.2.2).
   */
  static @Nullable String cursor(Head head, Query query) {
    for (String header : head.all(Head.Field.LAST_EVENT_ID)) {
      if (!header.isBlank()) {
        return header.strip();
      }
    }
    String given = query.single("lastEventId");
    if (given == null || given.isEmpty()) {
      given = query.single("last_event_id");
    }
    return given == null || given.isEmpty() ? null : given;
  }

  private static Start start(Head head, Query query) {
    int last = query.number("history", 0, MAX_HISTORY, 0);
    String cursor = cursor(head, query);
    if (cursor != null) {
      return cursor.equals("earliest") ? new Start.Earliest() : new Start.After(cursor);
    }
    return last > 0 ? new Start.Last(last) : NOW;
  }

  private static Format format(@Nullable String format) {
    if (format == null || format.equals("data")) {
      return Format.DATA;
    }
    if (format.equals("message")) {
      return Format.MESSAGE;
    }
    if (format.equals("html")) {
      return Format.HTML;
    }
    throw Refusal.badRequest(
        "format", "data, message or html expected, not " + Text.quoted(format));
  }

  private static Map<String, String> metadata(Query query) {
    if (query.isEmpty()) {
      return Map.of();
    }
    Set<String> names = query.names(META);
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
