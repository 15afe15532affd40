package dev.broadcast.loadtest.client;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One run of the load client.
 *
 * @param target where to subscribe and publish
 * @param streamPath request target of the streams, as {@code /events?topic=a}
 * @param publishPath request target of the publishes
 * @param format how a publish says its text
 * @param connections streams to open, at least 1
 * @param publishers publishing connections, 1 to {@value Stamp#MAX_PUBLISHERS}; each has one
 *     request under way at most
 * @param rate messages a second over all publishers; 0 is back to back, as fast as answers come
 * @param duration how long messages are due
 * @param settle silence between the last stream's head and the first publish
 * @param drain how long to wait, once no more messages are due, for what is missing
 * @param messageBytes length of a message's text, at least {@value Stamp#LENGTH}
 */
public record LoadPlan(
    InetSocketAddress target,
    String streamPath,
    String publishPath,
    PublishFormat format,
    int connections,
    int publishers,
    double rate,
    Duration duration,
    Duration settle,
    Duration drain,
    int messageBytes) {

  public LoadPlan {
    require(connections >= 1, "connections: at least 1");
    require(
        publishers >= 1 && publishers <= Stamp.MAX_PUBLISHERS,
        "publishers: 1 to " + Stamp.MAX_PUBLISHERS);
    require(rate >= 0 && rate <= 1e6, "rate: 0 (back to back) to 1,000,000 messages/s");
    require(duration.toMillis() >= 1, "duration: at least 1 ms");
    require(!settle.isNegative(), "settle: not negative");
    require(!drain.isNegative(), "drain: not negative");
    require(messageBytes >= Stamp.LENGTH, "messageBytes: at least " + Stamp.LENGTH);
  }

  /** Whether a message goes out when the last was answered, not when a clock says so. */
  public boolean backToBack() {
    return rate == 0;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
