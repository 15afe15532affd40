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
 * @param maxPublishesPerSecond the most messages of one publisher; 0 for no limit
 * @param maxConnectsPerSecond the most streams that one client asks for; 0 for no limit
 * @param ticketLifetime how long a ticket can be redeemed
 * @param managementPort whether what is for management has a port of its own
 */
public record HttpSettings(
    int maxBody,
    Duration bodyTimeout,
    int maxBatch,
    int maxTopics,
    int maxHistory,
    int maxPublishesPerSecond,
    int maxConnectsPerSecond,
    Duration ticketLifetime,
    boolean managementPort) {
  /** What a node has without flags. */
  public static final HttpSettings DEFAULTS =
      new HttpSettings(
          1 << 20, Duration.ofSeconds(30), 1000, 100, 2000, 0, 0, Duration.ofSeconds(60), false);

  public HttpSettings {
    if (maxBody < 1
        || maxBatch < 1
        || maxTopics < 1
        || maxHistory < 1
        || maxPublishesPerSecond < 0
        || maxConnectsPerSecond < 0
        || bodyTimeout.isZero()
        || bodyTimeout.isNegative()) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }
}
