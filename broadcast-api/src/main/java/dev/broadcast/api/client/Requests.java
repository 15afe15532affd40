package dev.broadcast.api.client;

import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.broadcaster.SubscribeOptions.Start;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes requests, each for the node whose turn it is. Any thread. */
final class Requests {
  private final ClientSettings settings;
  private final AtomicInteger turn = new AtomicInteger();

  Requests(ClientSettings settings) {
    this.settings = settings;
  }

  /** The node in use failed: from now on the next one is asked. */
  void nextNode() {
    turn.incrementAndGet();
  }

  /**
   * A publishing request.
   *
   * @param key its idempotency key
   * @param receipt how long to wait for the receipt, or null
   */
  HttpRequest publish(Attempt body, String key, @Nullable Duration receipt) {
    String query = receipt == null ? "" : "?receipt=" + receipt.toMillis() + "ms";
    Duration patience = settings.connectTimeout();
    return request("/events" + query)
        .timeout(receipt == null ? patience : patience.plus(receipt))
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key)
        .POST(body)
        .build();
  }

  /**
   * A stream.
   *
   * @param cursor what to go on after, or null for where the options say
   */
  HttpRequest stream(SubscribeOptions options, @Nullable String cursor) {
    StringBuilder query = new StringBuilder("/events?format=message");
    options.topics().forEach(topic -> add(query, "topic", topic));
    options.types().forEach(type -> add(query, "type", type));
    options.targets().forEach(target -> add(query, "target", target));
    if (!options.until().isEmpty()) {
      add(query, "until", String.join(",", options.until()));
    }
    if (options.throttle() != null) {
      add(query, "throttle", options.throttle().toMillis() + "ms");
    }
    if (options.kind() != null) {
      add(query, "kind", options.kind());
    }
    if (options.id() != null) {
      add(query, "id", options.id());
    }
    options.metadata().forEach((key, value) -> add(query, "meta." + key, value));
    String after = cursor;
    if (after == null && options.start() instanceof Start.After given) {
      after = given.cursor();
    } else if (after == null && options.start() instanceof Start.Last last) {
      add(query, "history", Integer.toString(last.count()));
    }
    HttpRequest.Builder request = request(query.toString()).header("Accept", "text/event-stream");
    if (after != null) {
      request.header("Last-Event-ID", after);
    }
    return request.GET().build();
  }

  private HttpRequest.Builder request(String target) {
    List<URI> nodes = settings.nodes();
    String base = nodes.get(Math.floorMod(turn.get(), nodes.size())).toString();
    String root = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + target));
    String key = settings.key().get();
    return key == null ? request : request.header("Authorization", "Bearer " + key);
  }

  private static void add(StringBuilder query, String name, String value) {
    query.append('&').append(encode(name)).append('=').append(encode(value));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
