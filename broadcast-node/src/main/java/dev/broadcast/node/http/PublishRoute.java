package dev.broadcast.node.http;

import dev.broadcast.api.Data;
import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Message;
import dev.broadcast.api.Names;
import dev.broadcast.node.http.MessageReader.Item;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Hub.IdempotencyKey;
import dev.broadcast.node.ops.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /events}: one message, or a batch with a result for each. */
final class PublishRoute {
  private static final List<String> TYPES =
      List.of("application/json", "application/x-ndjson", "text/plain", "text/html");
  private static final Set<String> TEXT_PARAMETERS = Set.of("topic", "type", "receipt");
  private static final Set<String> JSON_PARAMETERS = Set.of("receipt");
  private static final Duration LONGEST_RECEIPT = Duration.ofSeconds(10);
  private static final int LONGEST_KEY = 255;

  private final Hub hub;
  private final HttpSettings settings;
  private final BodyReader bodies;
  private final RateLimit limit;

  PublishRoute(Hub hub, HttpSettings settings, BodyReader bodies, RateLimit limit) {
    this.hub = hub;
    this.settings = settings;
    this.bodies = bodies;
    this.limit = limit;
  }

  void post(Exchange exchange) {
    String type = ContentType.of(exchange.head(), TYPES);
    Query query = exchange.query();
    query.only(type.startsWith("text/") ? TEXT_PARAMETERS : JSON_PARAMETERS, null);
    Duration receipt = receipt(query);
    String key = key(exchange);
    bodies.read(
        exchange,
        bytes -> {
          PublishBody body =
              switch (type) {
                case "application/json" -> PublishBody.json(bytes, settings.maxBatch());
                case "application/x-ndjson" -> PublishBody.ndjson(bytes, settings.maxBatch());
                default -> new PublishBody(false, List.of(text(query, bytes)));
              };
          limit.count(exchange, body.items().size());
          publish(exchange, body, key, receipt);
        });
  }

  private void publish(
      Exchange exchange, PublishBody body, @Nullable String key, @Nullable Duration receipt) {
    PublishAnswer answer = new PublishAnswer(exchange, body.batch(), body.items().size());
    for (int i = 0; i < body.items().size(); i++) {
      if (body.items().get(i) instanceof Item.Good good) {
        int index = i;
        Message message = good.message();
        if (!exchange.caller().mayPublish(message.topic())) {
          answer.put(index, new PublishResult.Failed(notThere(message.topic())));
          continue;
        }
        IdempotencyKey once =
            key == null ? null : new IdempotencyKey(exchange.caller().credential(), key, index);
        hub.publish(
            message,
            once,
            receipt,
            (published, failure) ->
                answer.put(index, PublishResult.of(message, published, failure)));
      } else if (body.items().get(i) instanceof Item.Bad bad) {
        answer.put(i, new PublishResult.Failed(bad.problem()));
      }
    }
  }

  private static Problem notThere(String topic) {
    return Problem.of(403, "topic", "this credential may not publish to " + Text.quoted(topic));
  }

  private static Item text(Query query, byte[] body) {
    String topic = query.single("topic");
    String text = Text.utf8(body, 0, body.length);
    try {
      return new Item.Good(
          new Message(
              topic == null ? Names.DEFAULT_TOPIC : topic,
              query.single("type"),
              Data.text(text),
              List.of(),
              null,
              List.of(),
              List.of()));
    } catch (InvalidMessageException e) {
      return new Item.Bad(Refusal.of(e).problem());
    }
  }

  private static @Nullable Duration receipt(Query query) {
    String value = query.single("receipt");
    if (value == null) {
      return null;
    }
    String expected = "a duration of at most 10s, with its unit, expected (500ms, 1s)";
    try {
      Duration wait = Durations.parse(value);
      if (!wait.isZero() && wait.compareTo(LONGEST_RECEIPT) <= 0) {
        return wait;
      }
    } catch (IllegalArgumentException e) {
      // Refused below.
    }
    throw Refusal.badRequest("receipt", expected + ", not " + Text.quoted(value));
  }

  private static @Nullable String key(Exchange exchange) {
    String key = exchange.head().once(Head.Field.IDEMPOTENCY_KEY);
    if (key != null && (key.isEmpty() || key.length() > LONGEST_KEY || !Text.isVisible(key))) {
      throw Refusal.badRequest(
          "Idempotency-Key", "1 to 255 characters of visible ASCII without spaces expected");
    }
    return key;
  }
}
