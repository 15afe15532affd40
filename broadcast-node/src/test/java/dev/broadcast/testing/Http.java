package dev.broadcast.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Plain requests to a node. Any thread. */
public final class Http {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final String key;

  /**
   * @param key sent as {@code Authorization: Bearer}, empty for none
   */
  public Http(String key) {
    this.key = key;
  }

  /**
   * An answer.
   *
   * @param took from the request's start to the whole answer
   */
  public record Answer(int status, Map<String, String> headers, String text, Duration took) {

    /** The body as JSON; a missing node where it is none. */
    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (JsonProcessingException e) {
        return JSON.missingNode();
      }
    }

    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  public Answer get(URI node, String target) throws IOException {
    return send(HttpRequest.newBuilder(node.resolve(target)).GET());
  }

  public Answer delete(URI node, String target) throws IOException {
    return send(HttpRequest.newBuilder(node.resolve(target)).DELETE());
  }

  /**
   * Posts JSON.
   *
   * @param headers further headers by name
   * @throws IOException when there was no whole answer: nobody knows what became of the request
   */
  public Answer post(URI node, String target, Object json, Map<String, String> headers)
      throws IOException {
    var request =
        HttpRequest.newBuilder(node.resolve(target))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(toJson(json)));
    headers.forEach(request::header);
    return send(request);
  }

  /**
   * Sends any request.
   *
   * @param body empty for none
   * @param headers by name
   */
  public Answer request(
      URI node, String method, String target, String body, Map<String, String> headers)
      throws IOException {
    var request =
        HttpRequest.newBuilder(node.resolve(target))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return send(request);
  }

  public static String toJson(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer send(HttpRequest.Builder request) throws IOException {
    long start = System.nanoTime();
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    HttpRequest complete = request.timeout(Duration.ofSeconds(10)).build();
    try {
      HttpResponse<String> response = client.send(complete, HttpResponse.BodyHandlers.ofString());
      var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return new Answer(response.statusCode(), headers, response.body(), took);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
