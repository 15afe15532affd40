package dev.broadcast.loadtest.client;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One run of the load client.
 *
 * @param target where to subscribe and publish
 * @param streams what is listened to
 * @param publishing what is published
 * @param timing when, and for how long
 */
public record LoadPlan(
    InetSocketAddress target, Streams streams, Publishing publishing, Timing timing) {

  /**
   * The streams.
   *
   * @param path request target, as {@code /events}
   * @param connections how many are read, at least 1
   * @param topics over how many topics they are spread, evenly; 0 is the server's own one topic
   * @param stalled how many more are opened and never read
   */
  public record Streams(String path, int connections, int topics, int stalled) {
    public Streams {
      require(connections >= 1, "connections: at least 1");
      require(topics >= 0 && topics <= 9999, "topics: 0 to 9999");
      require(topics == 0 || connections % topics == 0, "topics: as many streams on each");
      require(stalled >= 0, "stalled: not negative");
    }

    /** That many on the server's one topic, all read. */
    public static Streams of(String path, int connections) {
      return new Streams(path, connections, 0, 0);
    }

    String path(int stream) {
      return topics == 0 ? path : path + "?topic=" + topic(stream % topics);
    }

    /** How many streams a message goes to. */
    int audience() {
      return topics == 0 ? connections : connections / topics;
    }

    static String topic(int number) {
      return String.format("bench-%04d", number);
    }
  }

  /**
   * The publishes.
   *
   * @param path request target
   * @param format how a publish says its text
   * @param publishers publishing connections, 1 to {@value Stamp#MAX_PUBLISHERS}; each has one
   *     request under way at most
   * @param rate messages a second over all publishers; 0 is back to back, as fast as answers come
   * @param batch messages in a request; more than 1 only back to back and in a format that has
   *     batches
   * @param messageBytes length of a message's text, at least {@value Stamp#LENGTH}
   */
  public record Publishing(
      String path, PublishFormat format, int publishers, double rate, int batch, int messageBytes) {
    public Publishing {
      require(
          publishers >= 1 && publishers <= Stamp.MAX_PUBLISHERS,
          "publishers: 1 to " + Stamp.MAX_PUBLISHERS);
      require(rate >= 0 && rate <= 1e6, "rate: 0 (back to back) to 1,000,000 messages/s");
      require(
          batch == 1 || (batch > 1 && rate == 0 && format == PublishFormat.NDJSON),
          "batch: 1, or more back to back in NDJSON");
      require(messageBytes >= Stamp.LENGTH, "messageBytes: at least " + Stamp.LENGTH);
    }
  }

  /**
   * The times.
   *
   * @param duration how long messages are due
   * @param settle silence between the last stream's head and the first publish
   * @param drain how long to wait, once no more messages are due, for what is missing
   */
  public record Timing(Duration duration, Duration settle, Duration drain) {
    public Timing {
      require(duration.toMillis() >= 1, "duration: at least 1 ms");
      require(!settle.isNegative(), "settle: not negative");
      require(!drain.isNegative(), "drain: not negative");
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
