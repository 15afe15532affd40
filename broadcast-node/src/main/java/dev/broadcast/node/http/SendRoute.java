package dev.broadcast.node.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import dev.broadcast.api.Names;
import dev.broadcast.node.hub.Hub;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /send}: says something to everybody on {@code global} and how many they were. */
final class SendRoute {
  private static final Duration RECEIPT = Duration.ofSeconds(1);

  private final Hub hub;
  private final BodyReader bodies;
  private final RateLimit limit;

  SendRoute(Hub hub, BodyReader bodies, RateLimit limit) {
    this.hub = hub;
    this.bodies = bodies;
    this.limit = limit;
  }

  void post(Exchange exchange) {
    ContentType.of(exchange.head(), List.of("application/json"));
    exchange.query().only(Set.of(), null);
    if (!exchange.caller().mayPublish(Names.DEFAULT_TOPIC)) {
      throw Refusal.of(403, "topic", "this credential may not publish to global");
    }
    bodies.read(
        exchange,
        bytes -> {
          Said said = PublishBody.parse(Text.utf8(bytes, 0, bytes.length), SendRoute::read);
          Message message =
              new Message(
                  Names.DEFAULT_TOPIC,
                  said.event() == null ? null : Names.type("event", said.event()),
                  said.data(),
                  List.of(),
                  null,
                  List.of(),
                  List.of());
          limit.count(exchange, 1);
          exchange.then(
              hub.publish(message, null, RECEIPT)
                  .handle((published, failure) -> PublishResult.of(message, published, failure)),
              result -> answer(exchange, said, result));
        });
  }

  private static void answer(Exchange exchange, Said said, PublishResult result) {
    if (result instanceof PublishResult.Failed failed) {
      exchange.fail(Refusal.of(failed.problem()));
    } else if (result instanceof PublishResult.Done done) {
      exchange.json(
          200,
          Json.bytes(
              json -> {
                json.writeStartObject();
                json.writeStringField("status", "sent");
                json.writeNumberField(
                    "clients", done.receipt() == null ? 0 : done.receipt().clients());
                json.writeFieldName("message");
                if (said.data() instanceof Data.Text text) {
                  json.writeString(text.content());
                } else {
                  json.writeRawValue(said.data().content());
                }
                json.writeEndObject();
              }));
    }
  }

  private static Said read(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw Refusal.badRequest("body", "a JSON object expected");
    }
    Data data = null;
    String event = null;
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
      if (!seen.add(name)) {
        throw Refusal.badRequest(Text.shown(name), "once expected; the key stands twice");
      }
      switch (name) {
        case "message" ->
            data =
                isText
                    ? Data.text(unicode(name, parser))
                    : Data.json(CompactJson.copy(name, parser));
        case "event" -> {
          if (!isText) {
            throw Refusal.badRequest(name, "text expected");
          }
          event = unicode(name, parser);
        }
        default ->
            throw Refusal.badRequest(
                Text.shown(name), "unknown field; known are message and event");
      }
    }
    if (data == null) {
      throw Refusal.badRequest("message", "required");
    }
    return new Said(data, event);
  }

  private static String unicode(String name, JsonParser parser) throws IOException {
    String text = parser.getText();
    if (!Text.isUnicode(text)) {
      throw Refusal.badRequest(name, "half of a surrogate pair is no character");
    }
    return text;
  }

  /**
   * What was said.
   *
   * @param event the message's type, or null
   */
  private record Said(Data data, @Nullable String event) {}
}
