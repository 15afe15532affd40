package dev.broadcast.node.security;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Fetches a key set, bounded in size and in time altogether: requests wait for it. A timeout for
 * each read, as the JWT library's own retriever has, does not bound a server that drips.
 */
final class KeySetFetch {
  /** For the head of the answer, and again for its body. */
  static final Duration LIMIT = Duration.ofSeconds(3);

  private static final int MOST_BYTES = 512 << 10;

  private KeySetFetch() {}

  /**
   * Fetches; blocks.
   *
   * @throws IOException if that took too long, or what came is too large or no answer to go by
   */
  static String get(URI place) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(LIMIT)
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(place)
            .timeout(LIMIT)
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    try {
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw new IOException("the answer is " + answer.statusCode());
        }
        return read(body);
      }
    } catch (ConnectException e) { // It has no message of its own.
      throw new IOException("nobody can be reached there", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String read(InputStream body) throws IOException {
    // Not in the common pool: on two processors JDK 25 gives it one thread, which somebody may
    // block.
    CompletableFuture.delayedExecutor(LIMIT.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
        .execute(() -> close(body));
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("more than " + MOST_BYTES + " bytes");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Whoever reads gets an exception, if anybody still does. */
  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Then it is closed.
    }
  }
}
