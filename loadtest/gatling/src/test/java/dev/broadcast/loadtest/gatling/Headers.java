package dev.broadcast.loadtest.gatling;

import java.util.Map;

/** The headers of a publisher. */
final class Headers {
  private Headers() {}

  /**
   * @param key empty for none
   */
  static Map<String, String> of(String key) {
    return key.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + key);
  }
}
