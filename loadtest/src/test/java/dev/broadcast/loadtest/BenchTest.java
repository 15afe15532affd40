package dev.broadcast.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.server.Pinning;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Servers;
import dev.broadcast.loadtest.server.Surroundings;
import dev.broadcast.loadtest.work.FanOut;
import dev.broadcast.loadtest.work.Outcome;
import dev.broadcast.loadtest.work.Work;
import dev.broadcast.loadtest.work.Works;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchTest {
  private static final WarmUp NOT_WARMED = new WarmUp(0);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void measuresAServerItStarted(@TempDir Path directory) {
    ServerUnderTest server = Servers.named("vertx-plain").orElseThrow();
    Work work = new FanOut("smoke", 20, 2, 100, 1, 64);
    Surroundings surroundings =
        new Surroundings(
            directory,
            Path.of(System.getProperty("java.home"), "bin", "java"),
            List.of("-Xmx128m"),
            System.getProperty("java.class.path"),
            directory,
            new Pinning("0", "0", false));

    List<Run> runs =
        new Rounds(
                List.of(server), List.of(work), 1, NOT_WARMED, surroundings, new PrintWriter(out))
            .run();

    assertEquals(1, runs.size());
    assertEquals(List.of(), runs.get(0).faults());
    Outcome outcome = Objects.requireNonNull(runs.get(0).outcome());
    LoadResult result = (LoadResult) outcome.raw().get(0);
    assertEquals(100, result.published());
    assertEquals(2000, result.delivered());
    assertTrue(result.serverCpuNanos() > 0, "server CPU");
    assertTrue(result.connectRssBytes() != 0, "server memory");
    assertTrue(out.toString().contains("deliveries/s"), out.toString());
    assertEquals(
        0,
        ProcessHandle.current().descendants().filter(BenchTest::isPlainVertx).count(),
        "servers left running");
  }

  @Test
  void reportsAServerThatDoesNotStartAndGoesOn(@TempDir Path directory) {
    ServerUnderTest server = Servers.named("vertx-plain").orElseThrow();
    Work work = new FanOut("smoke", 1, 1, 1, 1, 64);
    Surroundings surroundings =
        new Surroundings(
            directory,
            Path.of(System.getProperty("java.home"), "bin", "java"),
            List.of("-XX:+NoSuchFlag"),
            "",
            directory,
            new Pinning("0", "0", false));

    List<Run> runs =
        new Rounds(
                List.of(server), List.of(work), 2, NOT_WARMED, surroundings, new PrintWriter(out))
            .run();

    assertEquals(2, runs.size());
    assertTrue(runs.get(0).faults().get(0).contains("NoSuchFlag"), runs.toString());
  }

  @Test
  void leavesOutAServerThatIsThereForOtherWorks(@TempDir Path directory) {
    ServerUnderTest sharded = Servers.named("broadcast-redis-4").orElseThrow();
    ServerUnderTest without = Servers.named("vertx-plain").orElseThrow();
    Surroundings nothing =
        new Surroundings(
            directory, directory, List.of(), "", directory, new Pinning("0", "0", false));

    List<Run> runs =
        new Rounds(
                List.of(sharded, without),
                List.of(
                    Works.named("publish").orElseThrow(), Works.named("spread16").orElseThrow()),
                1,
                NOT_WARMED,
                nothing,
                new PrintWriter(out))
            .run();

    assertEquals(
        List.of("broadcast-redis-4 spread16", "vertx-plain publish"),
        runs.stream().map(run -> run.server() + " " + run.work()).toList());
    assertTrue(out.toString().contains("left out: it is there for works about shards"), "" + out);
    assertTrue(out.toString().contains("left out: it has no batches, shards"), "" + out);
  }

  @Test
  void saysWhatIsWrongWithArguments() {
    assertRefused("--servers: there is no server 'nonsense'", "--servers", "nonsense");
    assertRefused("--works: there is no work 'nonsense'", "--works", "nonsense");
    assertRefused("--rounds: at least 1", "--rounds", "0");
    assertRefused("--java: /no/such/java is not a program", "--java", "/no/such/java");
  }

  @Test
  void saysWhatAServerThatWasAskedForLacks(@TempDir Path directory) {
    assertRefused(
        "--servers: broadcast needs " + directory,
        "--project",
        directory.toString(),
        "--servers",
        "broadcast");
  }

  @Test
  void helpNamesEveryServerAndWork() {
    CommandLine bench = Bench.commandLine().setOut(new PrintWriter(out));

    assertEquals(0, bench.execute("--help"));

    Servers.all()
        .forEach(
            server ->
                assertTrue(out.toString().contains("  " + server.name() + " "), server.name()));
    Works.all()
        .forEach(
            work -> assertTrue(out.toString().contains("  " + work.name() + " "), work.name()));
  }

  private void assertRefused(String message, String... arguments) {
    CommandLine bench =
        Bench.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));

    assertEquals(2, bench.execute(arguments));

    assertTrue(err.toString().contains(message), err.toString());
  }

  private static boolean isPlainVertx(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("VertxPlainMain");
  }
}
