package dev.broadcast.node.http;

import java.time.Duration;

/**
 * The bounds of requests.
 *
 * @param maxBody the largest request body, in bytes
 * @param bodyTimeout how long a body may take
 * @param maxBatch the most items of a batch
 * @param maxTopics the most topics of a stream
 * @param maxHistory the most messages of one {@code GET /history}
 */
public record HttpSettings(
    int maxBody, Duration bodyTimeout, int maxBatch, int maxTopics, int maxHistory) {
  /** What a node has without flags. */
  public static final HttpSettings DEFAULTS =
      new HttpSettings(1 << 20, Duration.ofSeconds(30), 1000, 100, 2000);

  public HttpSettings {
    if (maxBody < 1
        || maxBatch < 1
        || maxTopics < 1
        || maxHistory < 1
        || bodyTimeout.isZero()
        || bodyTimeout.isNegative()) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }
}
