package dev.broadcast.loadtest.report;

import dev.broadcast.loadtest.Run;
import dev.broadcast.loadtest.work.Promise;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a promise was kept.
 *
 * @param promise what was promised
 * @param figure what came out, counted as the promise counts; absent when no run counts, or not of
 *     the server that is compared with
 */
public record Verdict(Promise promise, @Nullable Figure figure) {

  static Verdict of(Promise promise, List<Run> runs, List<Run> ofWork) {
    List<Double> values;
    if (promise.unit() instanceof Promise.Times times) {
      values = ByRound.ratios(runs, ofWork, promise.measure(), times.other());
    } else if (promise.unit() instanceof Promise.Above above) {
      values = ByRound.differences(runs, ofWork, promise.measure(), above.other());
    } else {
      values =
          runs.stream()
              .map(run -> ByRound.value(run, promise.measure()))
              .filter(value -> Double.isFinite(value))
              .toList();
    }
    return new Verdict(promise, values.isEmpty() ? null : Figure.of(values));
  }

  /** Whether it can be said. */
  public boolean decided() {
    return figure != null;
  }

  public boolean kept() {
    return figure != null && promise.keptBy(figure.median());
  }

  /** In words, as {@code CPU µs/delivery 1.31 ×, must ≤ 1.25 × floor: MISSED}. */
  public String text() {
    return figure == null
        ? promise.measure().title() + " " + promise.text() + ": not compared"
        : promise.measure().title()
            + " "
            + promise.text(figure.median())
            + ", "
            + promise.text()
            + ": "
            + (kept() ? "ok" : "MISSED");
  }
}
