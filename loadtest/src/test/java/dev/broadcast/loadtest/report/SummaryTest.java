package dev.broadcast.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.Machine;
import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Servers;
import dev.broadcast.loadtest.work.FanOut;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Outcome;
import dev.broadcast.loadtest.work.Promise;
import dev.broadcast.loadtest.work.Promises;
import dev.broadcast.loadtest.work.Work;
import dev.broadcast.loadtest.work.Works;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryTest {
  private static final Work WORK = new FanOut("w<1>", 10, 1, 20, 6, 64);
  private static final Measure CPU = Measure.CPU_PER_DELIVERY;
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

    assertEquals(1.43, summary.figures().get(CPU).median(), 1e-9);
    assertEquals(1.2, summary.inFloors().get(CPU).median(), 1e-9);
    assertEquals(1.3, summary.inFloors().get(CPU).most(), 1e-9);
  }

  @Test
  void keepsVoidRunsOutOfTheFiguresAndInTheFaults() {
    List<Run> runs =
        List.of(run(1, "broadcast", 1, 0), run(2, "broadcast", 100, 3), run(3, "broadcast", 2, 0));

    Summary summary = summaries(runs, "broadcast").get(0);

    assertEquals(1.5, summary.figures().get(CPU).median(), 1e-9);
    assertEquals(Map.of(), summary.inFloors());
    assertEquals(List.of("round 2: 3 lost"), summary.faults());
    assertEquals(3, summary.lost());
  }

  @Test
  void showsServersOfWhichNoRunCounts() throws IOException {
    List<Run> runs =
        List.of(
            run(1, "floor", 1, 0), new Run(1, "broadcast", WORK.name(), null, "did <not> start"));

    List<Summary> summaries = summaries(runs, "floor", "broadcast");

    assertFalse(summaries.get(1).counts());
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
        json.contains("\"lost\" : 2") && json.contains("\"P99\" : 9.0") && json.contains("2 lost"),
        json);
  }

  @Test
  void saysWhetherPromisesAreKept() {
    Work work = Works.named("latency1k").orElseThrow();
    List<Run> runs =
        List.of(
            run(work, 1, "floor", Map.of(CPU, 4.0, Measure.P99, 5.0), 0),
            run(work, 1, "broadcast", Map.of(CPU, 5.2, Measure.P99, 6.0), 0),
            run(work, 1, "broadcast-redis", Map.of(CPU, 5.2, Measure.P99, 7.5), 0));

    String table =
        TextTable.of(
            MACHINE,
            Summary.of(List.of(work), servers("floor", "broadcast", "broadcast-redis"), runs));

    assertTrue(table.contains("CPU µs/delivery 1.30 ×, must ≤ 1.25 × floor: MISSED"), table);
    assertTrue(table.contains("CPU µs/delivery 1.30 ×, must ≤ 1.35 × floor: ok"), table);
    assertTrue(table.contains("p99 ms +2.50, must ≤ 3 above floor: ok"), table);
    assertTrue(table.contains("promises: 2 of 3 kept"), table);
  }

  @Test
  void aPromiseIsOpenWithoutTheServerItComparesWith() {
    Work work = Works.named("latency1k").orElseThrow();
    List<Run> runs = List.of(run(work, 1, "broadcast", Map.of(CPU, 5.2), 0));

    String table = TextTable.of(MACHINE, Summary.of(List.of(work), servers("broadcast"), runs));

    assertTrue(table.contains("must ≤ 1.25 × floor: not compared"), table);
    assertFalse(table.contains("kept"), table);
  }

  @Test
  void everyPromiseIsAboutAFigureThatItsWorkYields() {
    for (Promise promise : Promises.all()) {
      Work work = Works.named(promise.work()).orElseThrow();
      assertTrue(work.measures().contains(promise.measure()), promise.toString());
      assertTrue(Servers.named(promise.server()).isPresent(), promise.toString());
    }
  }

  private static List<Summary> summaries(List<Run> runs, String... servers) {
    return Summary.of(List.of(WORK), servers(servers), runs);
  }

  private static List<ServerUnderTest> servers(String... names) {
    return List.of(names).stream().map(name -> Servers.named(name).orElseThrow()).toList();
  }

  private static Run run(int round, String server, double cpuMicros, long lost) {
    return run(WORK, round, server, Map.of(CPU, cpuMicros, Measure.P99, 9.0), lost);
  }

  private static Run run(
      Work work, int round, String server, Map<Measure, Double> figures, long lost) {
    List<String> faults = lost == 0 ? List.of() : List.of(lost + " lost");
    Outcome outcome = new Outcome(figures, faults, lost, 0, 0, List.of());
    return new Run(round, server, work.name(), outcome, null);
  }
}
