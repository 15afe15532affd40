package dev.broadcast.node.http;

import dev.broadcast.api.Names;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.hub.Hub.StoredMessage;
import dev.broadcast.node.security.AccessDeniedException;
import dev.broadcast.node.security.Right;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** {@code GET} and {@code DELETE /history}: what a topic still keeps, and to keep it no longer. */
final class HistoryRoute {
  private static final int DEFAULT_LIMIT = 100;
  private static final int LONGEST_CURSOR = 1024;

  private final Hub hub;
  private final HttpSettings settings;

  HistoryRoute(Hub hub, HttpSettings settings) {
    this.hub = hub;
    this.settings = settings;
  }

  void get(Exchange exchange) {
    Query query = exchange.query();
    query.only(Set.of("topic", "limit", "after"), null);
    String given = query.single("topic");
    String topic = Names.topic("topic", given == null ? Names.DEFAULT_TOPIC : given);
    if (!exchange.caller().maySubscribe(topic)) {
      throw new AccessDeniedException(
          403, "topic", "this credential may not subscribe to " + Text.quoted(topic));
    }
    int limit =
        query.number(
            "limit", 1, settings.maxHistory(), Math.min(DEFAULT_LIMIT, settings.maxHistory()));
    String after = query.single("after");
    if (after != null && (after.isEmpty() || after.length() > LONGEST_CURSOR)) {
      throw noCursor();
    }
    boolean addressed = exchange.caller().may(Right.ADMINISTER);
    exchange.then(
        hub.history(topic, limit, after, addressed)
            .exceptionally(
                failure -> {
                  throw isNoCursor(failure) ? noCursor() : new CompletionException(failure);
                }),
        messages -> exchange.json(200, body(topic, messages)));
  }

  void delete(Exchange exchange) {
    Query query = exchange.query();
    query.only(Set.of("topic"), null);
    String topic = query.single("topic");
    if (topic == null) {
      throw Refusal.badRequest("topic", "required: which topic's history to clear");
    }
    Names.topic("topic", topic);
    exchange.then(
        hub.clearHistory(topic),
        outcome -> {
          if (outcome instanceof PublishOutcome.NotStored not) {
            throw Refusal.of(Problem.notPublished("no", not.detail()));
          } else if (outcome instanceof PublishOutcome.Unknown unknown) {
            throw Refusal.of(Problem.notPublished("unknown", unknown.detail()));
          }
          exchange.empty(204);
        });
  }

  private static boolean isNoCursor(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof IllegalArgumentException;
  }

  private static Refusal noCursor() {
    return Refusal.badRequest("after", "a message's id, or the id of an event, expected");
  }

  private static byte[] body(String topic, List<StoredMessage> messages) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("topic", topic);
          json.writeArrayFieldStart("messages");
          for (StoredMessage message : messages) {
            json.writeRawValue(message.json());
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
