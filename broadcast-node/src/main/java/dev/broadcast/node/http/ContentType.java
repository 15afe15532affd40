package dev.broadcast.node.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/** Reads what a request says its body is, or refuses it with 415. */
final class ContentType {
  private ContentType() {}

  /**
   * The body's media type, one of {@code accepted}.
   *
   * @param accepted lower case
   */
  static String of(HttpServerRequest request, List<String> accepted) {
    List<String> encodings = request.headers().getAll(HttpHeaders.CONTENT_ENCODING);
    if (encodings.stream().anyMatch(e -> !e.strip().equalsIgnoreCase("identity"))) {
      throw Refusal.of(415, "Content-Encoding", "send the body as it is, not compressed");
    }
    List<String> types = request.headers().getAll(HttpHeaders.CONTENT_TYPE);
    String expected = String.join(", ", accepted) + " expected";
    if (types.size() != 1) {
      throw Refusal.of(415, "Content-Type", expected + (types.isEmpty() ? ", not none" : ", once"));
    }
    MediaType type =
        MediaType.parse(types.get(0))
            .orElseThrow(
                () -> Refusal.of(415, "Content-Type", expected + "; this is no media type"));
    if (!Set.copyOf(accepted).contains(type.name())) {
      throw Refusal.of(
          415,
          "Content-Type",
          expected
              + (type.name().equals("application/x-www-form-urlencoded")
                  ? "; with curl add: -H 'Content-Type: application/json'"
                  : ""));
    }
    String charset = type.parameters().getOrDefault("charset", "utf-8");
    if (!charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("utf8")) {
      throw Refusal.of(415, "Content-Type", "charset=utf-8 expected, or none");
    }
    return type.name();
  }
}
