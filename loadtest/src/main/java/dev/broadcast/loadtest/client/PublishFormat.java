package dev.broadcast.loadtest.client;

/** How a server wants a message's text in the body of a publish. */
public enum PublishFormat {
  /** {@code {"data": "text"}}. */
  JSON("application/json", true, "{\"data\":\"", "\"}"),
  /** One such object a line, any number of them: a batch. */
  NDJSON("application/x-ndjson", true, "{\"data\":\"", "\"}\n"),
  /** The text itself; a topic is named in the request target. */
  TEXT("text/plain", false, "", "");

  private final String contentType;
  private final boolean topicInBody;
  private final String before;
  private final String after;

  PublishFormat(String contentType, boolean topicInBody, String before, String after) {
    this.contentType = contentType;
    this.topicInBody = topicInBody;
    this.before = before;
    this.after = after;
  }

  String contentType() {
    return contentType;
  }

  /** The request target that publishes to a topic; empty is the server's one topic. */
  String path(String path, String topic) {
    return topic.isEmpty() || topicInBody ? path : path + "?topic=" + topic;
  }

  /** What comes before the text; {@code topic} is empty for the server's one topic. */
  String before(String topic) {
    return topic.isEmpty() || !topicInBody ? before : "{\"topic\":\"" + topic + "\",\"data\":\"";
  }

  String after() {
    return after;
  }
}
