package dev.broadcast.loadtest.work;

import static dev.broadcast.loadtest.work.Measure.CPU_PER_DELIVERY;
import static dev.broadcast.loadtest.work.Measure.ONE_TOPIC_CPU;
import static dev.broadcast.loadtest.work.Measure.P50;
import static dev.broadcast.loadtest.work.Measure.P99;
import static dev.broadcast.loadtest.work.Measure.P999;
import static dev.broadcast.loadtest.work.Measure.TOPICS_FACTOR;

import dev.broadcast.loadtest.client.LoadClient;
import dev.broadcast.loadtest.client.LoadPlan;
import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.server.Ability;
import dev.broadcast.loadtest.server.RunningServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Many streams over many topics, few on each; then the same messages to as few streams on one
 * topic. Both have the same deliveries: a server whose cost follows them pays the same, one that
 * looks at every stream for every message pays for all of them.
 *
 * @param connections open streams, evenly over the topics
 * @param topics how many
 * @param rate messages a second over all topics
 * @param seconds how long each of the two
 */
record ManyTopics(String name, int connections, int topics, double rate, double seconds)
    implements Work {
  private static final int MESSAGE_BYTES = 64;
  private static final int PUBLISHERS = 4;

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.TOPICS);
  }

  @Override
  public List<Measure> measures() {
    return List.of(CPU_PER_DELIVERY, ONE_TOPIC_CPU, TOPICS_FACTOR, P50, P99, P999);
  }

  @Override
  public Outcome run(RunningServer server, Consumer<String> progress) throws IOException {
    // The first run after others still compiles: what is compared must not be in it.
    LoadClient.run(plan(server, connections / topics, 1, Math.min(seconds, 2)), server::usage);
    LoadResult one = LoadClient.run(plan(server, connections / topics, 1, seconds), server::usage);
    progress.accept("one topic done");
    LoadResult many = LoadClient.run(plan(server, connections, topics, seconds), server::usage);
    return Outcome.of(
        Map.of(
            CPU_PER_DELIVERY,
            many.cpuMicrosPerDelivery(),
            ONE_TOPIC_CPU,
            one.cpuMicrosPerDelivery(),
            TOPICS_FACTOR,
            many.cpuMicrosPerDelivery() / one.cpuMicrosPerDelivery(),
            P50,
            many.latency().p50(),
            P99,
            many.latency().p99(),
            P999,
            many.latency().p999()),
        one,
        many);
  }

  @Override
  public Work lasting(double otherSeconds) {
    return new ManyTopics(name, connections, topics, rate, otherSeconds);
  }

  @Override
  public String description() {
    return Words.count(connections, "connection")
        + " over "
        + Words.count(topics, "topic")
        + ", "
        + Words.number(rate)
        + " messages/s over all of them, "
        + Words.number(seconds)
        + " s; compared with "
        + connections / topics
        + " connections on one topic";
  }

  private LoadPlan plan(RunningServer server, int streams, int over, double time) {
    return new LoadPlan(
        server.address(),
        new LoadPlan.Streams(FanOut.PATH, streams, over, 0),
        new LoadPlan.Publishing(FanOut.PATH, server.format(), PUBLISHERS, rate, 1, MESSAGE_BYTES),
        FanOut.lasts(time));
  }
}
