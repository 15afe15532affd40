package dev.broadcast.front;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.node.BroadcastNode;
import dev.broadcast.node.ops.Settings;
import dev.broadcast.node.ops.SettingsReader;
import dev.broadcast.testing.Http;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A running node in this JVM, known by its address only. Any thread. */
final class FrontNode implements AutoCloseable {
  private final Http http = new Http("");
  private final BroadcastNode node;
  private final URI uri;
  private final List<String> fatal;
  private boolean stopped;

  private FrontNode(BroadcastNode node, List<String> fatal) {
    this.node = node;
    this.uri = URI.create(node.url());
    this.fatal = fatal;
  }

  /** Starts one with these flags, on a free port. */
  static FrontNode start(List<String> flags) {
    StringWriter wrong = new StringWriter();
    List<String> all = new ArrayList<>(List.of("--port=0"));
    all.addAll(flags);
    PrintWriter err = new PrintWriter(wrong);
    Settings settings =
        new SettingsReader(Map.of(), err, err).read(all.toArray(String[]::new)).settings();
    if (settings == null) {
      throw new IllegalArgumentException(wrong.toString());
    }
    List<String> fatal = new CopyOnWriteArrayList<>();
    BroadcastNode node =
        BroadcastNode.start(settings, fatal::add).orTimeout(20, TimeUnit.SECONDS).join();
    return new FrontNode(node, fatal);
  }

  URI uri() {
    return uri;
  }

  /** Why it said that it must end; empty as long as it need not. */
  List<String> fatal() {
    return fatal;
  }

  /** A stream from now on. */
  OpenStream listen(String query) {
    return listen(query, "");
  }

  /** A stream that resumes; an empty cursor is none. */
  OpenStream listen(String query, String lastEventId) {
    return listen(query, lastEventId, 0);
  }

  OpenStream listen(String query, String lastEventId, int receiveBuffer) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      headers.put("Last-Event-ID", lastEventId);
    }
    return OpenStream.of(uri, query, headers, receiveBuffer);
  }

  /** Publishes text and answers its id. */
  String publish(String topic, String data) {
    return publish(Map.of("topic", topic, "data", data));
  }

  String publish(String topic, String type, String data) {
    return publish(Map.of("topic", topic, "type", type, "data", data));
  }

  /** Publishes a message given by its fields and answers its id. */
  String publish(Map<String, ?> message) {
    Http.Answer answer = post("/events", message);
    if (answer.status() != 200) {
      throw new AssertionError(answer.status() + " " + answer.text());
    }
    return answer.json().path("id").asText();
  }

  /** Publishes {@code PREFIX0}, {@code PREFIX1}, … in batches; answers the data. */
  List<String> publishMany(String topic, String prefix, int count) {
    List<String> data = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      data.add(prefix + i);
    }
    for (int i = 0; i < count; i += 50) {
      List<Map<String, String>> batch =
          data.subList(i, Math.min(count, i + 50)).stream()
              .map(d -> Map.of("topic", topic, "data", d))
              .toList();
      Http.Answer answer = post("/events", batch);
      if (answer.status() != 200) {
        throw new AssertionError(answer.status() + " " + answer.text());
      }
    }
    return data;
  }

  Http.Answer post(String target, Object json) {
    try {
      return http.post(uri, target, json, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(target, e);
    }
  }

  /** Any request; headers as name, value, name, value. */
  Http.Answer call(String method, String target, String body, String... headers) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      named.put(headers[i], headers[i + 1]);
    }
    try {
      return http.request(uri, method, target, body, named);
    } catch (IOException e) {
      throw new UncheckedIOException(target, e);
    }
  }

  /** Publishes text with a key or token; answers the status. */
  int publishAs(String token, String topic, String data) {
    return call(
            "POST",
            "/events",
            Http.toJson(Map.of("topic", topic, "data", data)),
            "Content-Type",
            "application/json",
            "Authorization",
            "Bearer " + token)
        .status();
  }

  /** A stream with request headers; headers as name, value, name, value. */
  OpenStream listenWith(String query, String... headers) {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("Accept", "text/event-stream");
    for (int i = 0; i < headers.length; i += 2) {
      named.put(headers[i], headers[i + 1]);
    }
    return OpenStream.of(uri, query, named, 0);
  }

  Http.Answer get(String target) {
    try {
      return http.get(uri, target);
    } catch (IOException e) {
      throw new UncheckedIOException(target, e);
    }
  }

  Http.Answer clear(String topic) {
    try {
      return http.delete(uri, "/history?topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(topic, e);
    }
  }

  /** The data of the messages that history shows. */
  List<String> history(String query) {
    List<String> data = new ArrayList<>();
    get("/history?" + query)
        .json()
        .path("messages")
        .forEach(m -> data.add(m.path("data").asText()));
    return data;
  }

  JsonNode status() {
    return get("/status").json();
  }

  long resets() {
    return status().path("node").path("resets").asLong(-1);
  }

  boolean ready() {
    return get("/health/ready").status() == 200;
  }

  boolean stopped() {
    return stopped;
  }

  /** As SIGTERM does. */
  CompletableFuture<Void> stop() {
    stopped = true;
    return node.stop();
  }

  @Override
  public void close() {
    if (!stopped) {
      stop().completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
    }
  }

  /** Waits until it takes part in the cluster. */
  FrontNode awaitReady(Duration within) {
    Await.until("node ready", within, this::ready);
    return this;
  }
}
