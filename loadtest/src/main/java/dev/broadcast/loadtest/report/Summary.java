package dev.broadcast.loadtest.report;

import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.Work;
import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One work on one server over all rounds. Only runs that count enter the figures; faults are of all
 * runs.
 *
 * @param figures what was measured; absent when no run counts
 * @param runs how many there were
 * @param faults what made runs void, each as {@code round 2: 3 lost}
 * @param lost over all runs, as are the next two
 */
public record Summary(
    Work work,
    String server,
    String description,
    @Nullable Figures figures,
    int runs,
    List<String> faults,
    long lost,
    long duplicated,
    long reordered) {

  /**
   * The figures, units in their names.
   *
   * @param ratioToFloor CPU per delivery in floors: taken in each round against that round's floor,
   *     then the median, so that a machine that changes its speed between rounds does not enter;
   *     absent without a floor
   */
  public record Figures(
      Figure cpuMicrosPerDelivery,
      @Nullable Figure ratioToFloor,
      Figure deliveriesPerSecond,
      Figure publishesPerSecond,
      Figure p50Millis,
      Figure p99Millis,
      Figure p999Millis,
      Figure rssKilobytesPerConnection,
      Figure cpuMicrosPerConnect,
      Figure clientLoad) {}

  /** One summary per work and server, in the order of both. */
  public static List<Summary> of(List<Work> works, List<ServerUnderTest> servers, List<Run> runs) {
    List<Summary> summaries = new ArrayList<>();
    for (Work work : works) {
      List<Run> ofWork = runs.stream().filter(run -> run.work().equals(work.name())).toList();
      for (ServerUnderTest server : servers) {
        List<Run> ofServer =
            ofWork.stream().filter(run -> run.server().equals(server.name())).toList();
        summaries.add(
            new Summary(
                work,
                server.name(),
                server.description(),
                figures(ofServer, ofWork),
                ofServer.size(),
                faults(ofServer),
                sum(ofServer, LoadResult::lost),
                sum(ofServer, LoadResult::duplicated),
                sum(ofServer, LoadResult::reordered)));
      }
    }
    return summaries;
  }

  private static @Nullable Figures figures(List<Run> runs, List<Run> ofWork) {
    List<Run> counting = runs.stream().filter(Run::counts).toList();
    if (counting.isEmpty()) {
      return null;
    }
    return new Figures(
        figure(counting, LoadResult::cpuMicrosPerDelivery),
        ratio(counting, ofWork),
        figure(counting, LoadResult::deliveriesPerSecond),
        figure(counting, LoadResult::publishesPerSecond),
        figure(counting, result -> result.latency().p50()),
        figure(counting, result -> result.latency().p99()),
        figure(counting, result -> result.latency().p999()),
        figure(counting, LoadResult::rssKilobytesPerConnection),
        figure(counting, LoadResult::cpuMicrosPerConnect),
        figure(counting, LoadResult::clientLoad));
  }

  private static Figure figure(List<Run> runs, ToDoubleFunction<LoadResult> of) {
    return Figure.of(runs.stream().map(run -> of.applyAsDouble(result(run))).toList());
  }

  private static @Nullable Figure ratio(List<Run> runs, List<Run> ofWork) {
    List<Double> ratios = new ArrayList<>();
    for (Run run : runs) {
      ofWork.stream()
          .filter(
              floor ->
                  floor.server().equals(Servers.FLOOR)
                      && floor.round() == run.round()
                      && floor.counts())
          .map(floor -> result(run).cpuMicrosPerDelivery() / result(floor).cpuMicrosPerDelivery())
          .filter(Double::isFinite)
          .forEach(ratios::add);
    }
    return ratios.isEmpty() ? null : Figure.of(ratios);
  }

  private static List<String> faults(List<Run> runs) {
    return runs.stream()
        .filter(run -> !run.counts())
        .map(run -> "round " + run.round() + ": " + String.join(", ", run.faults()))
        .toList();
  }

  private static long sum(List<Run> runs, ToLongFunction<LoadResult> of) {
    return runs.stream().map(Run::result).filter(Objects::nonNull).mapToLong(of).sum();
  }

  private static LoadResult result(Run run) {
    return Objects.requireNonNull(run.result(), "a run that counts has a result");
  }
}
