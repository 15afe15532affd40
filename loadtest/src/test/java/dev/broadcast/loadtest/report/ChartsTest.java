package dev.broadcast.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Servers;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Outcome;
import dev.broadcast.loadtest.work.Work;
import dev.broadcast.loadtest.work.Works;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChartsTest {
  @Test
  void drawsRatiosWhereThereIsAFloorAndTheFigureItselfWhereThereIsNone() {
    assertTrue(charts("latency1k", "floor", "nchan").contains("CPU per delivery, × floor"));
    assertTrue(charts("latency1k", "nchan").contains("CPU per delivery, µs"));
  }

  @Test
  void drawsAPromiseOnTheBarItIsAboutAndOnNoOther() {
    assertEquals(1, count("class=\"promised\"", charts("latency1k", "floor", "broadcast")));
    assertEquals(0, count("class=\"promised\"", charts("latency1k", "floor", "nchan")));
  }

  @Test
  void drawsNothingForAServerOfWhichNoRunCountsAndSaysSo() {
    String charts = charts("burst1k", "floor", "nchan", "VOID spring-mvc");

    assertFalse(charts.contains("class=\"bar spring-mvc\""), charts);
    assertFalse(charts.contains("spring-mvc\" cx="), charts);
    assertEquals(count("<figure>", charts), count("class=\"value none\"[^>]*>void<", charts));
  }

  @Test
  void leavesOutDeliveriesASecondWhereTheyAreTheRate() {
    assertFalse(charts("latency1k", "floor").contains("Deliveries per second"));
    assertTrue(charts("burst1k", "floor").contains("Deliveries per second"));
  }

  @Test
  void putsLatenciesOnOneLogarithmicLine() {
    String svg =
        DotChart.svg(
            "t",
            List.of(
                new DotChart.Line("a", List.of(0.1, 1.0, 10.0), ""),
                new DotChart.Line("b", List.of(1.0, 10.0, 100.0), "")),
            String::valueOf);

    List<String> places =
        Pattern.compile("cx=\"([0-9.]+)\"")
            .matcher(svg)
            .results()
            .map(hit -> hit.group(1))
            .toList();
    assertEquals(6, places.size(), svg);
    assertEquals(places.subList(1, 3), places.subList(3, 5), "1 and 10 lie where they lay");
    assertTrue(svg.contains(">0.1</text>") && svg.contains(">100</text>"), svg);
  }

  @Test
  void drawsEveryWorksFiguresWithoutANumberThatIsNone() {
    for (Work work : Works.all()) {
      String charts = charts(work.name(), "floor", "broadcast", "nchan");

      assertTrue(charts.contains("<svg"), work.name());
      assertFalse(charts.contains("NaN") || charts.contains("Infinity"), work.name() + charts);
    }
  }

  @Test
  void theOverviewHasEveryServerInEveryWork() {
    Work latency = Works.named("latency1k").orElseThrow();
    Work resume = Works.named("resume").orElseThrow();
    List<Run> runs = new ArrayList<>();
    runs.add(run(latency, "floor", false));
    runs.add(run(latency, "broadcast", false));
    runs.add(run(resume, "broadcast", true));

    String html =
        Overview.html(Summary.of(List.of(latency, resume), servers("floor", "broadcast"), runs));

    assertTrue(html.contains("<td class=\"floor\">1.00 ×</td>"), html);
    assertTrue(html.contains("title=\"round 1: 3 lost\">void</td>"), html);
    assertTrue(html.contains("<td>–</td>"), "the floor has no history: " + html);
  }

  /** Charts of one round; a server named {@code VOID x} lost something. */
  private static String charts(String name, String... servers) {
    Work work = Works.named(name).orElseThrow();
    List<String> names = new ArrayList<>();
    List<Run> runs = new ArrayList<>();
    for (String server : servers) {
      names.add(server.replace("VOID ", ""));
      runs.add(run(work, server.replace("VOID ", ""), server.startsWith("VOID ")));
    }
    return new Charts(work, Summary.of(List.of(work), servers(names.toArray(String[]::new)), runs))
        .html();
  }

  private static Run run(Work work, String server, boolean isVoid) {
    Map<Measure, Double> figures = new HashMap<>();
    work.measures().forEach(measure -> figures.put(measure, 2.5));
    List<String> faults = isVoid ? List.of("3 lost") : List.of();
    return new Run(
        1,
        server,
        work.name(),
        new Outcome(figures, faults, isVoid ? 3 : 0, 0, 0, List.of()),
        null);
  }

  private static List<ServerUnderTest> servers(String... names) {
    return List.of(names).stream().map(name -> Servers.named(name).orElseThrow()).toList();
  }

  private static int count(String pattern, String text) {
    return (int) Pattern.compile(pattern).matcher(text).results().count();
  }
}
