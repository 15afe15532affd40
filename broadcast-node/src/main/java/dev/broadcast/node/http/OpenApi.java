package dev.broadcast.node.http;

import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;

/** {@code GET /openapi.yaml}: what can be asked here, and every answer to it (OpenAPI 3.1). */
final class OpenApi {
  /** RFC 9512. */
  private static final CharSequence YAML = HttpHeaders.createOptimized("application/yaml");

  private OpenApi() {}

  static void get(Exchange exchange) {
    exchange.query().only(Set.of(), null);
    exchange.answer(200, YAML, document());
  }

  static byte[] document() {
    try (InputStream in = OpenApi.class.getResourceAsStream("openapi.yaml")) {
      if (in == null) {
        throw new IllegalStateException("openapi.yaml is not in the jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
