package dev.broadcast.loadtest.work;

import static dev.broadcast.loadtest.work.Measure.BUSIEST_REDIS;
import static dev.broadcast.loadtest.work.Measure.CLIENT_LOAD;
import static dev.broadcast.loadtest.work.Measure.CPU_PER_DELIVERY;
import static dev.broadcast.loadtest.work.Measure.CPU_PER_PUBLISH;
import static dev.broadcast.loadtest.work.Measure.P50;
import static dev.broadcast.loadtest.work.Measure.P99;
import static dev.broadcast.loadtest.work.Measure.P999;
import static dev.broadcast.loadtest.work.Measure.PUBLISHES_PER_SECOND;
import static dev.broadcast.loadtest.work.Measure.REDIS_CPU_PER_PUBLISH;
import static dev.broadcast.loadtest.work.Measure.REDIS_FULL_AT;

import dev.broadcast.loadtest.client.LoadClient;
import dev.broadcast.loadtest.client.LoadPlan;
import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.client.PublishFormat;
import dev.broadcast.loadtest.client.Usage;
import dev.broadcast.loadtest.server.Ability;
import dev.broadcast.loadtest.server.RunningServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Publishes to many topics, which a server may have on several shards, one stream on each topic:
 * what a publish costs the node, and what the Redis servers.
 *
 * @param topics how many; over two and four shards 64 lie 33 to 31 and 17 to 15
 * @param publishers publishing connections, each request to the next topic
 * @param batch messages in a request
 * @param seconds how long
 */
record Spread(String name, int topics, int publishers, int batch, double seconds) implements Work {
  private static final int MESSAGE_BYTES = 64;
  private static final double WARM_UP_SECONDS = 4;

  @Override
  public Set<Ability> needs() {
    Set<Ability> needs = EnumSet.of(Ability.TOPICS, Ability.SHARDS);
    if (batch > 1) {
      needs.add(Ability.BATCHES);
    }
    return needs;
  }

  @Override
  public List<Work> warmUps() {
    return List.of(lasting(WARM_UP_SECONDS));
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        PUBLISHES_PER_SECOND,
        CPU_PER_PUBLISH,
        REDIS_CPU_PER_PUBLISH,
        BUSIEST_REDIS,
        REDIS_FULL_AT,
        P50,
        P99,
        P999,
        CLIENT_LOAD);
  }

  @Override
  public Outcome run(RunningServer server, Consumer<String> progress) throws IOException {
    // The last two are of just before the first publish and just after the last delivery.
    List<List<Usage>> redis = new ArrayList<>();
    LoadResult result =
        LoadClient.run(
            plan(server),
            () -> {
              redis.add(server.helperUsage());
              return server.usage();
            });
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    figures.put(PUBLISHES_PER_SECOND, result.publishesPerSecond());
    figures.put(CPU_PER_PUBLISH, result.cpuMicrosPerPublish());
    figures.put(CPU_PER_DELIVERY, result.cpuMicrosPerDelivery());
    figures.put(P50, result.latency().p50());
    figures.put(P99, result.latency().p99());
    figures.put(P999, result.latency().p999());
    figures.put(CLIENT_LOAD, 100 * result.clientLoad());
    figures.putAll(
        ofRedis(
            used(redis.get(redis.size() - 2), redis.get(redis.size() - 1)),
            result.published(),
            result.deliverSeconds()));
    return Outcome.of(figures, result);
  }

  /** Of the processor time that each of them used, in nanoseconds; nothing without any. */
  static Map<Measure, Double> ofRedis(List<Long> nanos, long published, double seconds) {
    double busiest = nanos.stream().mapToLong(each -> each).max().orElse(0);
    if (busiest == 0 || published == 0) {
      return Map.of();
    }
    return Map.of(
        REDIS_CPU_PER_PUBLISH,
        nanos.stream().mapToLong(each -> each).sum() / 1e3 / published,
        BUSIEST_REDIS,
        100 * busiest / 1e9 / seconds,
        REDIS_FULL_AT,
        published * 1e9 / busiest);
  }

  private static List<Long> used(List<Usage> before, List<Usage> after) {
    List<Long> used = new ArrayList<>();
    for (int i = 0; i < after.size(); i++) {
      used.add(after.get(i).cpuNanos() - before.get(i).cpuNanos());
    }
    return used;
  }

  @Override
  public Work lasting(double otherSeconds) {
    return new Spread(name, topics, publishers, batch, otherSeconds);
  }

  @Override
  public String description() {
    return publishers
        + " publishers back to back over "
        + Words.count(topics, "topic")
        + (batch > 1 ? ", " + batch + " messages a request" : "")
        + ", a stream on each, "
        + Words.number(seconds)
        + " s";
  }

  private LoadPlan plan(RunningServer server) {
    return new LoadPlan(
        server.address(),
        new LoadPlan.Streams(FanOut.PATH, topics, topics, 0),
        new LoadPlan.Publishing(
            FanOut.PATH,
            batch > 1 ? PublishFormat.NDJSON : server.format(),
            publishers,
            0,
            batch,
            MESSAGE_BYTES),
        FanOut.lasts(seconds));
  }
}
