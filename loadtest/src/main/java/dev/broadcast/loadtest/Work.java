package dev.broadcast.loadtest;

import dev.broadcast.loadtest.client.LoadPlan;
import dev.broadcast.loadtest.server.RunningServer;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a server is asked to do; the same for every server.
 *
 * @param name how it is called on the command line and in the report
 * @param connections open streams
 * @param publishers publishing connections
 * @param rate messages a second; 0 is back to back
 * @param seconds how long
 * @param messageBytes length of a message's text
 * @param goal what the in-process node's CPU per delivery may be, in floors; 0 when there is no
 *     goal
 */
public record Work(
    String name,
    int connections,
    int publishers,
    double rate,
    double seconds,
    int messageBytes,
    double goal) {

  /** Lets a server compile what is hot. Not measured. */
  static final Work WARM_UP = new Work("warm-up", 200, 16, 0, 4, 64, 0);

  private static final List<Work> ALL =
      List.of(
          new Work("latency1k", 1_000, 1, 20, 6, 64, 1.25),
          new Work("latency10k", 10_000, 1, 2, 6, 64, 1.25),
          new Work("one1k", 1_000, 1, 0, 5, 64, 1.3),
          new Work("burst1k", 1_000, 64, 0, 5, 64, 1.6));

  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** All that are measured, in the order in which a report shows them. */
  static List<Work> all() {
    return ALL;
  }

  static Optional<Work> named(String name) {
    return ALL.stream().filter(work -> work.name.equals(name)).findFirst();
  }

  /** The same for another time. */
  Work lasting(double otherSeconds) {
    return new Work(name, connections, publishers, rate, otherSeconds, messageBytes, goal);
  }

  LoadPlan plan(RunningServer server) {
    return new LoadPlan(
        server.address(),
        "/events",
        "/events",
        server.format(),
        connections,
        publishers,
        rate,
        Duration.ofMillis(Math.round(seconds * 1000)),
        SETTLE,
        DRAIN,
        messageBytes);
  }

  /** In words, as {@code 1,000 connections, 20 messages/s, 64 bytes, 6 s}. */
  public String description() {
    DecimalFormat number =
        new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT));
    String pace =
        rate > 0
            ? number.format(rate) + " messages/s"
            : publishers == 1
                ? "one publisher back to back"
                : publishers + " publishers back to back";
    return number.format(connections)
        + " connections, "
        + pace
        + ", "
        + number.format(messageBytes)
        + " bytes, "
        + number.format(seconds)
        + " s";
  }
}
