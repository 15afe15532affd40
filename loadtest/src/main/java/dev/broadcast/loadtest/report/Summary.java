package dev.broadcast.loadtest.report;

import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Servers;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Outcome;
import dev.broadcast.loadtest.work.Promises;
import dev.broadcast.loadtest.work.Work;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * One work on one server over all rounds. Only runs that count enter the figures; faults are of all
 * runs.
 *
 * @param figures what was measured; empty when no run counts
 * @param inFloors the same as multiples of the floor's: taken in each round against that round's
 *     floor, then the median, so that a machine that changes its speed between rounds does not
 *     enter; without those that make no sense so, and empty without a floor
 * @param runs how many there were
 * @param faults what made runs void, each as {@code round 2: 3 lost}
 * @param lost over all runs, as are the next two
 * @param verdicts on what is promised about this work on this server
 */
public record Summary(
    Work work,
    String server,
    String description,
    Map<Measure, Figure> figures,
    Map<Measure, Figure> inFloors,
    int runs,
    List<String> faults,
    long lost,
    long duplicated,
    long reordered,
    List<Verdict> verdicts) {

  /** Whether any run counts. */
  public boolean counts() {
    return !figures.isEmpty();
  }

  /**
   * One summary per work and server, in the order of both; none for servers that the work leaves
   * out.
   */
  public static List<Summary> of(List<Work> works, List<ServerUnderTest> servers, List<Run> runs) {
    List<Summary> summaries = new ArrayList<>();
    for (Work work : works) {
      List<Run> ofWork = runs.stream().filter(run -> run.work().equals(work.name())).toList();
      for (ServerUnderTest server : servers) {
        List<Run> ofServer =
            ofWork.stream().filter(run -> run.server().equals(server.name())).toList();
        if (!ofServer.isEmpty()) {
          summaries.add(of(work, server, ofServer, ofWork));
        }
      }
    }
    return summaries;
  }

  private static Summary of(Work work, ServerUnderTest server, List<Run> runs, List<Run> ofWork) {
    Map<Measure, Figure> figures = new EnumMap<>(Measure.class);
    Map<Measure, Figure> inFloors = new EnumMap<>(Measure.class);
    for (Measure measure : work.measures()) {
      List<Double> values =
          runs.stream()
              .filter(Run::counts)
              .map(run -> outcome(run).figures().get(measure))
              .filter(Objects::nonNull)
              .toList();
      if (!values.isEmpty()) {
        figures.put(measure, Figure.of(values));
      }
      if (measure.inFloors()) {
        List<Double> ratios = ByRound.ratios(runs, ofWork, measure, Servers.FLOOR);
        if (!ratios.isEmpty()) {
          inFloors.put(measure, Figure.of(ratios));
        }
      }
    }
    return new Summary(
        work,
        server.name(),
        server.description(),
        figures,
        inFloors,
        runs.size(),
        faults(runs),
        sum(runs, Outcome::lost),
        sum(runs, Outcome::duplicated),
        sum(runs, Outcome::reordered),
        Promises.about(work.name(), server.name()).stream()
            .map(promise -> Verdict.of(promise, runs, ofWork))
            .toList());
  }

  private static List<String> faults(List<Run> runs) {
    return runs.stream()
        .filter(run -> !run.counts())
        .map(run -> "round " + run.round() + ": " + String.join(", ", run.faults()))
        .toList();
  }

  private static long sum(List<Run> runs, ToLongFunction<Outcome> of) {
    return runs.stream().map(Run::outcome).filter(Objects::nonNull).mapToLong(of).sum();
  }

  private static Outcome outcome(Run run) {
    return Objects.requireNonNull(run.outcome(), "a run that counts has an outcome");
  }
}
