package dev.broadcast.node.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.broadcast.api.Data;
import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.Message;
import dev.broadcast.api.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object as a message. Nothing is coerced: a number where text belongs is refused,
 * and so are unknown and repeated fields and {@code null} anywhere but in {@code data}. What is
 * wrong with the message is remembered while the rest of the object is read, so that in a batch the
 * next item begins where it should.
 */
final class MessageReader {
  private static final String FIELDS = "topic, type, data, target_ids, metadata, exclude and to";

  private final JsonParser parser;
  private int seen;
  private @Nullable Refusal refusal;
  private String topic = Names.DEFAULT_TOPIC;
  private @Nullable String type;
  private @Nullable Data data;
  private List<String> targetIds = List.of();
  private @Nullable String metadata;
  private List<String> exclude = List.of();
  private List<String> to = List.of();

  private MessageReader(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Reads the value that the parser stands on, to its end.
   *
   * @throws IOException if it is not JSON
   */
  static Item read(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return new Item.Bad(Refusal.badRequest("body", "a JSON object expected").problem());
    }
    return new MessageReader(parser).object();
  }

  private Item object() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      int bit = bit(name);
      if ((seen & bit) != 0) {
        refuse(Text.shown(name), "once expected; the key stands twice");
        parser.skipChildren();
      } else {
        seen |= bit;
        field(name);
      }
    }
    if (refusal == null && data == null) {
      refuse("data", "required; \"\" sends an event with empty data");
    }
    if (refusal != null) {
      return new Item.Bad(refusal.problem());
    }
    try {
      return new Item.Good(
          new Message(topic, type, Objects.requireNonNull(data), targetIds, metadata, exclude, to));
    } catch (InvalidMessageException e) {
      return new Item.Bad(Refusal.of(e).problem());
    }
  }

  /** A bit for each field; an unknown one, which is refused the first time, has none. */
  private static int bit(String name) {
    return switch (name) {
      case "topic" -> 1;
      case "type" -> 2;
      case "data" -> 4;
      case "target_ids" -> 8;
      case "metadata" -> 16;
      case "exclude" -> 32;
      case "to" -> 64;
      default -> 0;
    };
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "topic" -> topic = text(name, topic);
      case "type" -> type = text(name, "");
      case "data" -> data = data(name);
      case "target_ids" -> targetIds = texts(name);
      case "metadata" -> {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          metadata = compact(name);
        } else {
          wrong(name, "a JSON object expected");
        }
      }
      case "exclude" -> exclude = texts(name);
      case "to" -> to = texts(name);
      default -> wrong(Text.shown(name), "unknown field; known are " + FIELDS);
    }
  }

  private Data data(String name) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return Data.text(text(name, ""));
    }
    return Data.json(compact(name));
  }

  private String text(String name, String otherwise) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      wrong(name, "text expected, not " + kind());
      return otherwise;
    }
    String text = parser.getText();
    if (!Text.isUnicode(text)) {
      refuse(name, "half of a surrogate pair is no character");
    }
    return text;
  }

  private List<String> texts(String name) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      wrong(name, "an array of text expected, not " + kind());
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(name + "[" + texts.size() + "]", "-"));
    }
    return texts;
  }

  private String compact(String name) throws IOException {
    try {
      return CompactJson.copy(name, parser);
    } catch (Refusal e) {
      keep(e);
      return "null";
    }
  }

  private String kind() {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null; leave the field out";
      case START_ARRAY -> "an array";
      case START_OBJECT -> "an object";
      default -> "text";
    };
  }

  private void wrong(String field, String detail) throws IOException {
    refuse(field, detail);
    parser.skipChildren();
  }

  private void refuse(String field, String detail) {
    keep(Refusal.badRequest(field, detail));
  }

  private void keep(Refusal found) {
    if (refusal == null) {
      refusal = found;
    }
  }

  /** What a body holds at one place. */
  sealed interface Item {
    /** A message. */
    record Good(Message message) implements Item {}

    /** Something else. */
    record Bad(Problem problem) implements Item {}
  }
}
