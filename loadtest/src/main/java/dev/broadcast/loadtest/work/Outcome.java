package dev.broadcast.loadtest.work;

import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.client.ResumeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one work on one server came to.
 *
 * @param figures what it measured
 * @param faults why it counts for nothing; empty when it counts
 * @param lost messages that a stream should have received and did not
 * @param duplicated messages that a stream received again
 * @param reordered messages that a stream received after a later one
 * @param raw what the client saw, for the raw results
 */
public record Outcome(
    Map<Measure, Double> figures,
    List<String> faults,
    long lost,
    long duplicated,
    long reordered,
    List<Object> raw) {

  public Outcome {
    figures = Map.copyOf(figures);
    faults = List.copyOf(faults);
    raw = List.copyOf(raw);
  }

  /** Of load client runs, all of which have to count. */
  static Outcome of(Map<Measure, Double> figures, LoadResult... runs) {
    List<String> faults = new ArrayList<>();
    long lost = 0;
    long duplicated = 0;
    long reordered = 0;
    for (LoadResult run : runs) {
      faults.addAll(run.faults());
      lost += run.lost();
      duplicated += run.duplicated();
      reordered += run.reordered();
    }
    return new Outcome(figures, faults, lost, duplicated, reordered, List.of((Object[]) runs));
  }

  static Outcome of(Map<Measure, Double> figures, ResumeResult run) {
    return new Outcome(
        figures, run.faults(), run.lost(), run.duplicated(), run.reordered(), List.of(run));
  }

  /** Of works without messages. */
  static Outcome of(Map<Measure, Double> figures, List<String> faults) {
    return new Outcome(figures, faults, 0, 0, 0, List.of());
  }
}
