package dev.broadcast.node.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.broadcast.node.http.MessageReader.Item;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON bodies of {@code POST /events}.
 *
 * @param batch whether the answer is a list of results
 * @param items what the body holds, in order; one if it is no batch
 */
record PublishBody(boolean batch, List<Item> items) {
  /**
   * Reads {@code application/json}: an object is a message, an array a batch. Broken JSON refuses
   * the whole body, since nobody can say where the next item begins; anything else that is wrong
   * with an item is that item's.
   */
  static PublishBody json(byte[] body, int maxItems) {
    return parse(
        Text.utf8(body, 0, body.length),
        parser -> {
          if (parser.currentToken() != JsonToken.START_ARRAY) {
            return new PublishBody(false, List.of(MessageReader.read(parser)));
          }
          List<Item> items = new ArrayList<>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            checkCount(items.size() + 1, maxItems);
            items.add(MessageReader.read(parser));
          }
          return batch(items);
        });
  }

  /** Reads {@code application/json} where a batch makes no sense. */
  static Item one(byte[] body) {
    return parse(
        Text.utf8(body, 0, body.length),
        parser -> {
          if (parser.currentToken() == JsonToken.START_ARRAY) {
            throw Refusal.badRequest("body", "one message expected, not a batch");
          }
          return MessageReader.read(parser);
        });
  }

  /** Reads {@code application/x-ndjson}: a message a line. A line that is no JSON fails alone. */
  static PublishBody ndjson(byte[] body, int maxItems) {
    List<Item> items = new ArrayList<>();
    for (int start = 0; start < body.length; ) {
      int end = start;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      if (!isBlank(body, start, end)) {
        checkCount(items.size() + 1, maxItems);
        items.add(line(body, start, end - start));
      }
      start = end + 1;
    }
    return batch(items);
  }

  private static Item line(byte[] body, int offset, int length) {
    try {
      return parse(Text.utf8(body, offset, length), MessageReader::read);
    } catch (Refusal e) {
      return new Item.Bad(e.problem());
    }
  }

  private static boolean isBlank(byte[] body, int start, int end) {
    for (int i = start; i < end; i++) {
      if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private static PublishBody batch(List<Item> items) {
    if (items.isEmpty()) {
      throw Refusal.badRequest("body", "at least one message expected; the batch is empty");
    }
    return new PublishBody(true, items);
  }

  private static void checkCount(int count, int max) {
    if (count > max) {
      throw Refusal.of(413, "body", "at most " + max + " messages in a batch; send several");
    }
  }

  /** Reads exactly one JSON value. */
  static <T> T parse(String text, Reader<T> reader) {
    if (text.startsWith("\uFEFF")) {
      throw Refusal.badRequest("body", "JSON has no byte order mark (RFC 8259, 8.1)");
    }
    try (JsonParser parser = Json.FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw Refusal.badRequest("body", "JSON expected; the body is empty");
      }
      T value = reader.read(parser);
      if (parser.nextToken() != null) {
        throw Refusal.badRequest("body", "one JSON value expected; something follows it");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw Refusal.badRequest(
          "body",
          "JSON expected: "
              + Text.shown(withoutMethods(String.valueOf(e.getOriginalMessage())), 160)
              + (e.getLocation() == null
                  ? ""
                  : " (line "
                      + e.getLocation().getLineNr()
                      + ", column "
                      + e.getLocation().getColumnNr()
                      + ")"));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /** Where a bound comes from in the parser's own code helps nobody who sends JSON. */
  private static String withoutMethods(String message) {
    return message.replaceAll(", from `[^`]*`", "");
  }

  /** Reads a value; the parser stands on its first token and is left on its last. */
  interface Reader<T> {
    T read(JsonParser parser) throws IOException;
  }
}
