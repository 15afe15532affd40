package dev.broadcast.loadtest;

import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Outcome;

/**
 * Runs a work, unmeasured, until it does not get cheaper any more: a JVM compiles for some ten
 * seconds of processor time what is hot, a C program is done at once, and each gets what it needs.
 *
 * @param most how often at the most; 0 for never
 */
record WarmUp(int most) {
  /** Runs in a row that have to be no cheaper than one before them. */
  static final int SETTLED = 2;

  /** What counts as cheaper: two runs of the same program differ by less. */
  static final double CHEAPER = 0.95;

  WarmUp {
    if (most < 0) {
      throw new IllegalArgumentException("most: at least 0, not " + most);
    }
  }

  /** The runs of one work on one server so far. */
  final class Course {
    private int runs;
    private int noCheaper;
    private double cheapest = Double.POSITIVE_INFINITY;

    /** Whether another run is wanted. */
    boolean goesOn() {
      return runs < most && noCheaper < SETTLED;
    }

    /** A run came to that. */
    void ran(Outcome outcome) {
      ran(outcome.figures().getOrDefault(Measure.CPU_PER_DELIVERY, Double.NaN));
    }

    void ran(double cost) {
      runs++;
      if (cost < cheapest * CHEAPER) {
        noCheaper = 0;
      } else if (cheapest < Double.POSITIVE_INFINITY) {
        noCheaper++;
      }
      cheapest = Math.min(cheapest, Double.isNaN(cost) ? cheapest : cost);
    }
  }
}
