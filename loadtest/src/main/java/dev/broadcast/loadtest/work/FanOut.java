package dev.broadcast.loadtest.work;

import static dev.broadcast.loadtest.work.Measure.CLIENT_LOAD;
import static dev.broadcast.loadtest.work.Measure.CPU_PER_DELIVERY;
import static dev.broadcast.loadtest.work.Measure.CPU_PER_PUBLISH;
import static dev.broadcast.loadtest.work.Measure.DELIVERIES_PER_SECOND;
import static dev.broadcast.loadtest.work.Measure.P50;
import static dev.broadcast.loadtest.work.Measure.P99;
import static dev.broadcast.loadtest.work.Measure.P999;
import static dev.broadcast.loadtest.work.Measure.PUBLISHES_PER_SECOND;

import dev.broadcast.loadtest.client.LoadClient;
import dev.broadcast.loadtest.client.LoadPlan;
import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.client.PublishFormat;
import dev.broadcast.loadtest.server.Ability;
import dev.broadcast.loadtest.server.RunningServer;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Messages to streams that all listen to the same topic.
 *
 * @param connections open streams
 * @param publishers publishing connections
 * @param rate messages a second; 0 is back to back
 * @param batch messages in a publish
 * @param seconds how long
 * @param messageBytes length of a message's text
 * @param start in what state it wants its server
 */
public record FanOut(
    String name,
    int connections,
    int publishers,
    double rate,
    int batch,
    double seconds,
    int messageBytes,
    Start start)
    implements Work {
  static final String PATH = "/events";
  // Batches take a way of their own from the request's body to Redis' script.
  private static final double WARM_UP_SECONDS = 4;
  private static final Duration SETTLE = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** With one message in a publish, on a warm server. */
  public FanOut(
      String name, int connections, int publishers, double rate, double seconds, int messageBytes) {
    this(name, connections, publishers, rate, 1, seconds, messageBytes, Start.WARM);
  }

  static LoadPlan.Timing lasts(double seconds) {
    return new LoadPlan.Timing(Duration.ofMillis(Math.round(seconds * 1000)), SETTLE, DRAIN);
  }

  @Override
  public Set<Ability> needs() {
    return batch > 1 ? Set.of(Ability.BATCHES) : Set.of();
  }

  @Override
  public List<Work> warmUps() {
    if (batch > 1) {
      return List.of(lasting(WARM_UP_SECONDS));
    }
    return rate > 0 ? List.of(Works.WARM_UP, Works.QUIET_WARM_UP) : List.of(Works.WARM_UP);
  }

  @Override
  public List<Measure> measures() {
    return connections == 1
        ? List.of(PUBLISHES_PER_SECOND, CPU_PER_PUBLISH, P50, P99, P999, CLIENT_LOAD)
        : List.of(CPU_PER_DELIVERY, DELIVERIES_PER_SECOND, P50, P99, P999, CLIENT_LOAD);
  }

  @Override
  public Outcome run(RunningServer server, Consumer<String> progress) throws IOException {
    LoadResult result = LoadClient.run(plan(server), server::usage);
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    figures.put(CPU_PER_DELIVERY, result.cpuMicrosPerDelivery());
    figures.put(DELIVERIES_PER_SECOND, result.deliveriesPerSecond());
    figures.put(PUBLISHES_PER_SECOND, result.publishesPerSecond());
    figures.put(CPU_PER_PUBLISH, result.cpuMicrosPerPublish());
    figures.put(P50, result.latency().p50());
    figures.put(P99, result.latency().p99());
    figures.put(P999, result.latency().p999());
    figures.put(CLIENT_LOAD, 100 * result.clientLoad());
    return Outcome.of(figures, result);
  }

  @Override
  public Work lasting(double otherSeconds) {
    return new FanOut(
        name, connections, publishers, rate, batch, otherSeconds, messageBytes, start);
  }

  @Override
  public String description() {
    String pace =
        rate > 0
            ? Words.number(rate) + " messages/s"
            : publishers == 1
                ? "one publisher back to back"
                : publishers + " publishers back to back";
    return Words.count(connections, "connection")
        + ", "
        + pace
        + (batch > 1 ? ", " + batch + " messages a request" : "")
        + ", "
        + Words.number(messageBytes)
        + " bytes, "
        + Words.number(seconds)
        + " s"
        + (start == Start.COLD ? ", on a server just started" : "");
  }

  private LoadPlan plan(RunningServer server) {
    return new LoadPlan(
        server.address(),
        LoadPlan.Streams.of(PATH, connections),
        new LoadPlan.Publishing(
            PATH,
            batch > 1 ? PublishFormat.NDJSON : server.format(),
            publishers,
            rate,
            batch,
            messageBytes),
        lasts(seconds));
  }
}
