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
import java.util.function.Consumer;
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
    bodies.read(exchange, new Request(exchange, type, query, key, receipt));
  }

  /** A request whose head is in order, and then its body. An object: see {@link PublishAnswer}. */
  private final class Request implements Consumer<byte[]> {
    private final Exchange exchange;
    private final String type;
    private final Query query;
    private final @Nullable String key;
    private final @Nullable Duration receipt;

    Request(
        Exchange exchange,
        String type,
        Query query,
        @Nullable String key,
        @Nullable Duration receipt) {
      this.exchange = exchange;
      this.type = type;
      this.query = query;
      this.key = key;
      this.receipt = receipt;
    }

    @Override
    public void accept(byte[] bytes) {
      PublishBody body =
          switch (type) {
            case "application/json" -> PublishBody.json(bytes, settings.maxBatch());
            case "application/x-ndjson" -> PublishBody.ndjson(bytes, settings.maxBatch());
            default -> new PublishBody(false, List.of(text(query, bytes)));
          };
      List<Item> items = body.items();
      limit.count(exchange, items.size());
      if (body.batch()) {
        batch(items);
      } else if (items.get(0) instanceof Item.Good good) {
        Message message = good.message();
        if (exchange.caller().mayPublish(message.topic())) {
          hub.publish(message, key(0), receipt, new PublishAnswer.One(exchange, message));
        } else {
          exchange.fail(Refusal.of(notThere(message.topic())));
        }
      } else if (items.get(0) instanceof Item.Bad bad) {
        exchange.fail(Refusal.of(bad.problem()));
      }
    }

    private void batch(List<Item> items) {
      PublishAnswer answer = new PublishAnswer(exchange, items.size());
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) instanceof Item.Good good) {
          Message message = good.message();
          if (exchange.caller().mayPublish(message.topic())) {
            hub.publish(message, key(i), receipt, new PublishAnswer.Item(answer, i, message));
          } else {
            answer.put(i, new PublishResult.Failed(notThere(message.topic())));
          }
        } else if (items.get(i) instanceof Item.Bad bad) {
          answer.put(i, new PublishResult.Failed(bad.problem()));
        }
      }
    }

    private @Nullable IdempotencyKey key(int item) {
      return key == null ? null : new IdempotencyKey(exchange.caller().credential(), key, item);
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
