package dev.broadcast.loadtest.client;

/** How a server wants a message's text in the body of a publish. */
public enum PublishFormat {
  /** {@code {"data": "text"}}. */
  JSON("application/json", "{\"data\":\"", "\"}"),
  /** The text itself. */
  TEXT("text/plain", "", "");

  final String contentType;
  final String before;
  final String after;

  PublishFormat(String contentType, String before, String after) {
    this.contentType = contentType;
    this.before = before;
    this.after = after;
  }
}
