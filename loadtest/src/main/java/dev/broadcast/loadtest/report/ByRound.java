package dev.broadcast.loadtest.report;

import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** A server's figures against another's of the same round. */
final class ByRound {
  private ByRound() {}

  static List<Double> ratios(List<Run> runs, List<Run> ofWork, Measure measure, String other) {
    return compared(runs, ofWork, measure, other, (mine, theirs) -> mine / theirs);
  }

  static List<Double> differences(List<Run> runs, List<Run> ofWork, Measure measure, String other) {
    return compared(runs, ofWork, measure, other, (mine, theirs) -> mine - theirs);
  }

  private static List<Double> compared(
      List<Run> runs, List<Run> ofWork, Measure measure, String other, DoubleBinaryOperator how) {
    List<Double> values = new ArrayList<>();
    for (Run run : runs) {
      for (Run theirs : ofWork) {
        if (theirs.server().equals(other) && theirs.round() == run.round()) {
          double value = how.applyAsDouble(value(run, measure), value(theirs, measure));
          if (Double.isFinite(value)) {
            values.add(value);
          }
        }
      }
    }
    return values;
  }

  /** Not a number when the run does not count. */
  static double value(Run run, Measure measure) {
    Outcome outcome = run.outcome();
    return outcome == null || !run.counts()
        ? Double.NaN
        : outcome.figures().getOrDefault(measure, Double.NaN);
  }
}
