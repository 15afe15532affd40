package dev.broadcast.loadtest.work;

import static dev.broadcast.loadtest.work.Measure.CAUGHT_UP_SECONDS;
import static dev.broadcast.loadtest.work.Measure.CPU_PER_REPLAYED;
import static dev.broadcast.loadtest.work.Measure.P99_BEFORE;
import static dev.broadcast.loadtest.work.Measure.P99_DURING;
import static dev.broadcast.loadtest.work.Measure.STORM_FACTOR;

import dev.broadcast.loadtest.client.ResumeClient;
import dev.broadcast.loadtest.client.ResumePlan;
import dev.broadcast.loadtest.client.ResumeResult;
import dev.broadcast.loadtest.server.Ability;
import dev.broadcast.loadtest.server.RunningServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Many clients come back at once with a cursor some messages behind, while others listen.
 *
 * @param live clients that listen all the time
 * @param resuming clients that come back
 * @param behind how far they are behind
 * @param rate messages a second, all the time
 * @param calmSeconds how long everybody listens before it
 */
record ResumeStorm(String name, int live, int resuming, int behind, double rate, double calmSeconds)
    implements Work {
  private static final int MESSAGE_BYTES = 64;
  private static final Duration LIMIT = Duration.ofSeconds(40);

  @Override
  public Set<Ability> needs() {
    return Set.of(Ability.RESUME);
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        P99_BEFORE, P99_DURING, STORM_FACTOR, CAUGHT_UP_SECONDS, CPU_PER_REPLAYED);
  }

  @Override
  public Outcome run(RunningServer server, Consumer<String> progress) throws IOException {
    // A storm in small first: what is measured is a server that has seen one.
    storm(server, Math.max(1, resuming / 10), Math.min(1, calmSeconds));
    progress.accept("small storm done");
    ResumeResult result = storm(server, resuming, calmSeconds);
    return Outcome.of(
        Map.of(
            P99_BEFORE,
            result.before().p99(),
            P99_DURING,
            result.during().p99(),
            STORM_FACTOR,
            result.during().p99() / result.before().p99(),
            CAUGHT_UP_SECONDS,
            result.caughtUpSeconds(),
            CPU_PER_REPLAYED,
            result.cpuMicrosPerReplayed()),
        result);
  }

  private ResumeResult storm(RunningServer server, int clients, double calm) throws IOException {
    return ResumeClient.run(
        new ResumePlan(
            server.address(),
            FanOut.PATH,
            server.format(),
            live,
            clients,
            behind,
            rate,
            Duration.ofMillis(Math.round(calm * 1000)),
            LIMIT,
            MESSAGE_BYTES),
        server::usage);
  }

  @Override
  public Work lasting(double otherSeconds) {
    return new ResumeStorm(name, live, resuming, behind, rate, otherSeconds);
  }

  @Override
  public String description() {
    return Words.count(resuming, "client")
        + " come back at once, "
        + behind
        + " messages behind, while "
        + live
        + " listen to "
        + Words.number(rate)
        + " messages/s; compared with "
        + Words.number(calmSeconds)
        + " s in which all of them listen";
  }
}
