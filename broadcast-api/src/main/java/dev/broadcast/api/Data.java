package dev.broadcast.api;

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
}
