package dev.broadcast.api;

import org.jspecify.annotations.Nullable;

/**
 * What a message carries: text, which a client sees as it is, or any other JSON value, which a
 * client sees as compact JSON. Immutable.
 */
public sealed interface Data {
  /** What stands in the client's {@code data} lines. */
  String content();

  /**
   * Text, sent as it is; may be empty and may hold any character, line breaks and NUL included.
   *
   * @param content the text
   */
  record Text(String content) implements Data {}

  /**
   * A JSON value which is not a string, already in compact form.
   *
   * @param content compact JSON, for example {@code {"a":1}} or {@code null}; not checked here
   */
  record Json(String content) implements Data {}

  /** Text data. */
  static Data text(String text) {
    return new Text(text);
  }

  /** JSON data, already compact. */
  static Data json(String compactJson) {
    return new Json(compactJson);
  }

  /**
   * Data of a Java value: text stays text, {@link Data} stays itself, everything else becomes JSON.
   *
   * @param value see {@link dev.broadcast.api.Json}
   * @throws InvalidMessageException if it cannot be written as JSON
   */
  static Data of(@Nullable Object value) {
    if (value instanceof Data data) {
      return data;
    }
    return value instanceof CharSequence text
        ? text(text.toString())
        : json(dev.broadcast.api.Json.write(value));
  }

  /** This data as a JSON value: text in quotes, JSON as it is. */
  default String toJson() {
    return this instanceof Text text ? dev.broadcast.api.Json.quote(text.content()) : content();
  }
}
