package dev.broadcast.loadtest.report;

import java.util.List;

/**
 * One figure over several runs.
 *
 * @param median what is quoted; of an even number of runs the mean of the middle two
 * @param least the smallest
 * @param most the greatest
 */
public record Figure(double median, double least, double most) {

  /** Of at least one value. */
  static Figure of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Figure(median, sorted.get(0), sorted.get(sorted.size() - 1));
  }
}
