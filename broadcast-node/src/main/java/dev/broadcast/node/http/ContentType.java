package dev.broadcast.node.http;

import java.util.List;

/** Reads what a request says its body is, or refuses it with 415. */
final class ContentType {
  private ContentType() {}

  /**
   * The body's media type, one of {@code accepted}.
   *
   * @param accepted lower case
   */
  static String of(Head head, List<String> accepted) {
    for (String encoding : head.all(Head.Field.CONTENT_ENCODING)) {
      if (!encoding.strip().equalsIgnoreCase("identity")) {
        throw Refusal.of(415, "Content-Encoding", "send the body as it is, not compressed");
      }
    }
    List<String> types = head.all(Head.Field.CONTENT_TYPE);
    if (types.size() != 1) {
      throw wrong(accepted, types.isEmpty() ? ", not none" : ", once");
    }
    return accepted.contains(types.get(0)) ? types.get(0) : of(types.get(0), accepted);
  }

  private static String of(String text, List<String> accepted) {
    MediaType type = MediaType.parse(text);
    if (type == null) {
      throw wrong(accepted, "; this is no media type");
    }
    if (!accepted.contains(type.name())) {
      throw wrong(
          accepted,
          type.name().equals("application/x-www-form-urlencoded")
              ? "; with curl add: -H 'Content-Type: application/json'"
              : "");
    }
    String charset = type.parameters().getOrDefault("charset", "utf-8");
    if (!charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("utf8")) {
      throw Refusal.of(415, "Content-Type", "charset=utf-8 expected, or none");
    }
    return type.name();
  }

  private static Refusal wrong(List<String> accepted, String hint) {
    return Refusal.of(415, "Content-Type", String.join(", ", accepted) + " expected" + hint);
  }
}
