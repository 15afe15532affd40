package dev.broadcast.loadtest.work;

import static dev.broadcast.loadtest.work.Measure.GIVEN_UP;
import static dev.broadcast.loadtest.work.Measure.MEMORY_PER_STALLED;
import static dev.broadcast.loadtest.work.Measure.P99_ALL_READING;
import static dev.broadcast.loadtest.work.Measure.P99_SOME_STALLED;
import static dev.broadcast.loadtest.work.Measure.STALLED_FACTOR;

import dev.broadcast.loadtest.client.LoadClient;
import dev.broadcast.loadtest.client.LoadPlan;
import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.server.RunningServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Some clients never read. How late are messages on all others, compared with a run in which
 * everybody reads; what do they cost in memory; does the server give them up?
 *
 * @param connections all streams
 * @param stalled how many of them are never read
 * @param rate messages a second
 * @param messageBytes how long each is
 * @param seconds how long, longer than a server waits before it gives up a client
 */
record StalledClients(
    String name, int connections, int stalled, double rate, int messageBytes, double seconds)
    implements Work {
  private static final double READING_SECONDS = 8;

  @Override
  public List<Measure> measures() {
    return List.of(P99_ALL_READING, P99_SOME_STALLED, STALLED_FACTOR, MEMORY_PER_STALLED, GIVEN_UP);
  }

  @Override
  public Outcome run(RunningServer server, Consumer<String> progress) throws IOException {
    LoadResult reading =
        LoadClient.run(
            plan(server, connections, 0, Math.min(seconds, READING_SECONDS)), server::usage);
    progress.accept("everybody reading done");
    LoadResult some =
        LoadClient.run(plan(server, connections - stalled, stalled, seconds), server::usage);
    return Outcome.of(
        Map.of(
            P99_ALL_READING,
            reading.latency().p99(),
            P99_SOME_STALLED,
            some.latency().p99(),
            STALLED_FACTOR,
            some.latency().p99() / reading.latency().p99(),
            MEMORY_PER_STALLED,
            Math.max(0, some.connectRssBytes() + some.publishRssBytes()) / 1048576.0 / stalled,
            GIVEN_UP,
            100.0 * some.givenUp() / stalled),
        reading,
        some);
  }

  @Override
  public Work lasting(double otherSeconds) {
    return new StalledClients(name, connections, stalled, rate, messageBytes, otherSeconds);
  }

  @Override
  public String description() {
    return Words.count(connections, "connection")
        + ", "
        + stalled
        + " of them never read, "
        + Words.number(rate)
        + " messages/s, "
        + Words.number(messageBytes)
        + " bytes, "
        + Words.number(seconds)
        + " s";
  }

  private LoadPlan plan(RunningServer server, int streams, int never, double time) {
    return new LoadPlan(
        server.address(),
        new LoadPlan.Streams(FanOut.PATH, streams, 0, never),
        new LoadPlan.Publishing(FanOut.PATH, server.format(), 1, rate, 1, messageBytes),
        FanOut.lasts(time));
  }
}
