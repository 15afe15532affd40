package dev.broadcast.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.server.Pinning;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Servers;
import dev.broadcast.loadtest.server.Surroundings;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Outcome;
import dev.broadcast.loadtest.work.Works;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged node over shards, as the benchmark compares it, for seconds. */
class ShardsIT {
  @ParameterizedTest
  @CsvSource({"broadcast-redis,spread", "broadcast-redis-4,spread16", "broadcast-2-redis,spread16"})
  void deliversWhatIsPublishedOverManyTopicsAndChargesEachRedis(
      String name, String work, @TempDir Path directory) {
    ServerUnderTest server = Servers.named(name).orElseThrow();
    boolean two = name.equals("broadcast-2-redis");
    // Processor time comes in ticks of 10 ms: on a machine that publishes 1,776/s, one in a second.
    int seconds = two ? 4 : 1;
    StringWriter said = new StringWriter();

    List<Run> runs =
        new Rounds(
                List.of(server),
                List.of(Works.named(work).orElseThrow().lasting(seconds)),
                1,
                new WarmUp(0),
                surroundings(directory),
                new PrintWriter(said, true))
            .run();

    assertEquals(List.of(), runs.get(0).faults(), said.toString());
    Outcome outcome = Objects.requireNonNull(runs.get(0).outcome());
    Map<Measure, Double> figures = outcome.figures();
    double perPublish = figures.get(Measure.REDIS_CPU_PER_PUBLISH);
    double busiest = 1e6 / figures.get(Measure.REDIS_FULL_AT);
    assertTrue(perPublish > 0, said.toString());
    if (two) {
      assertTrue(perPublish > 1.2 * busiest, "only one was used: " + said);
    } else {
      assertEquals(perPublish, busiest, 1e-6, said.toString());
    }
  }

  private static Surroundings surroundings(Path directory) {
    return new Surroundings(
        Path.of("").toAbsolutePath().getParent(),
        Path.of(System.getProperty("java.home"), "bin", "java"),
        List.of("-Xmx256m"),
        "",
        directory,
        new Pinning("0", "0", false));
  }
}
