package dev.broadcast.node.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies a JSON value without its white space. Numbers stay as they were written, since a client
 * may read {@code 1.10} or a number of twenty digits exactly. (Jackson's own copying goes through
 * BigDecimal, which writes {@code 1e2} as {@code 1E+2}.)
 */
final class CompactJson {
  private CompactJson() {}

  /**
   * Copies the value that the parser stands on and leaves the parser at its end, also when it is
   * refused.
   *
   * @param field whose value it is
   * @throws Refusal if a key stands twice in an object, the value is too deep, or text is not
   *     Unicode
   * @throws IOException if it is not JSON
   */
  static String copy(String field, JsonParser parser) throws IOException {
    StringWriter out = new StringWriter(64);
    @Nullable Refusal refusal = null;
    Deque<Set<String>> keys = new ArrayDeque<>();
    try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
      int depth = 0;
      JsonToken token = parser.currentToken();
      while (true) {
        switch (token) {
          case START_OBJECT, START_ARRAY -> {
            depth++;
            keys.push(new HashSet<>(4));
            if (depth > Json.MAX_DEPTH) {
              refusal = refusal != null ? refusal : tooDeep(field);
            }
          }
          case END_OBJECT, END_ARRAY -> {
            depth--;
            keys.pop();
          }
          case FIELD_NAME -> {
            if (!keys.element().add(parser.currentName()) && refusal == null) {
              refusal =
                  Refusal.badRequest(
                      field, "the key " + Text.quoted(parser.currentName()) + " stands twice");
            }
          }
          default -> {}
        }
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
          json.writeNumber(parser.getText());
        } else {
          json.copyCurrentEvent(parser);
        }
        if (depth == 0) {
          break;
        }
        token = parser.nextToken();
      }
    }
    String copy = out.toString();
    if (refusal == null && !Text.isUnicode(copy)) {
      refusal = Refusal.badRequest(field, "half of a surrogate pair is no character");
    }
    if (refusal != null) {
      throw refusal;
    }
    return copy;
  }

  private static Refusal tooDeep(String field) {
    return Refusal.badRequest(field, "at most " + Json.MAX_DEPTH + " levels of nesting");
  }
}
