package dev.broadcast.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.Machine;
import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.Work;
import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  private static final Work WORK = new Work("w<1>", 10, 1, 20, 6, 64, 1.25);
  private static final Machine MACHINE =
      new Machine(Instant.EPOCH, "a & b", "Linux", "17", "server on cpu 0", "abc");

  @Test
  void takesRatiosWithinARoundSoThatASlowRoundDoesNotEnter() {
    List<Run> runs =
        List.of(
            run(1, "floor", 1, 0), run(1, "broadcast", 1.2, 0),
            run(2, "floor", 3, 0), run(2, "broadcast", 3.6, 0),
            run(3, "floor", 1.1, 0), run(3, "broadcast", 1.43, 0));

    Summary summary = summaries(runs, "floor", "broadcast").get(1);

    assertEquals(1.43, summary.figures().cpuMicrosPerDelivery().median(), 1e-9);
    assertEquals(1.2, summary.figures().ratioToFloor().median(), 1e-9);
    assertEquals(1.3, summary.figures().ratioToFloor().most(), 1e-9);
  }

  @Test
  void keepsVoidRunsOutOfTheFiguresAndInTheFaults() {
    List<Run> runs =
        List.of(run(1, "broadcast", 1, 0), run(2, "broadcast", 100, 3), run(3, "broadcast", 2, 0));

    Summary summary = summaries(runs, "broadcast").get(0);

    assertEquals(1.5, summary.figures().cpuMicrosPerDelivery().median(), 1e-9);
    assertNull(summary.figures().ratioToFloor());
    assertEquals(List.of("round 2: 3 lost"), summary.faults());
    assertEquals(3, summary.lost());
  }

  @Test
  void showsServersOfWhichNoRunCounts() throws IOException {
    List<Run> runs =
        List.of(
            run(1, "floor", 1, 0), new Run(1, "broadcast", WORK.name(), null, "did <not> start"));

    List<Summary> summaries = summaries(runs, "floor", "broadcast");

    assertNull(summaries.get(1).figures());
    assertTrue(TextTable.of(MACHINE, summaries).contains("VOID round 1: failed: did <not> start"));
    assertTrue(HtmlReport.page(MACHINE, 1, summaries).contains("did &lt;not&gt; start"));
  }

  @Test
  void writesAPageThatNeedsNothingElse(@TempDir Path directory) throws IOException {
    List<Run> runs = List.of(run(1, "floor", 1, 0), run(1, "broadcast", 1.2, 0));

    Path page = HtmlReport.write(directory, MACHINE, 1, summaries(runs, "floor", "broadcast"));

    String html = Files.readString(page);
    assertTrue(
        html.contains("w&lt;1&gt;") && html.contains("a &amp; b") && html.contains("1.20 ×"), html);
    assertFalse(html.contains("{{"), "a placeholder is left");
    assertFalse(html.contains("http") || html.contains("<script"), "loads something");
  }

  @Test
  void writesEveryRunAsItWas(@TempDir Path directory) throws IOException {
    Path raw = RawResults.write(directory, MACHINE, List.of(WORK), List.of(run(1, "floor", 1, 2)));

    String json = Files.readString(raw);
    assertTrue(
        json.contains("\"lost\" : 2") && json.contains("\"p99\" : 9.0") && json.contains("2 lost"),
        json);
  }

  private static List<Summary> summaries(List<Run> runs, String... servers) {
    List<ServerUnderTest> all =
        List.of(servers).stream().map(name -> Servers.named(name).orElseThrow()).toList();
    return Summary.of(List.of(WORK), all, runs);
  }

  /** A thousand deliveries in a second at that many microseconds each. */
  private static Run run(int round, String server, double cpuMicros, long lost) {
    LoadResult result =
        new LoadResult(
            10,
            10,
            0.1,
            100,
            0,
            0,
            1000,
            lost,
            0,
            0,
            1,
            1,
            1,
            new LoadResult.Latency(1, 9, 10, 11),
            Math.round(cpuMicros * 1000 * 1000),
            1,
            1,
            1);
    return new Run(round, server, WORK.name(), result, null);
  }
}
