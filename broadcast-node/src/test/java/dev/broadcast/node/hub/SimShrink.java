package dev.broadcast.node.hub;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out turns of a failing schedule, many at first, then single ones, as long as it still
 * fails. Each turn has choices of its own, so that the others stay what they were.
 */
final class SimShrink {
  private static final int RUNS = 3_000;

  private final long seed;
  private final SimPlants plants;
  private SimTrim best = SimTrim.NOTHING;
  private int runs;

  private SimShrink(long seed, SimPlants plants) {
    this.seed = seed;
    this.plants = plants;
  }

  /** The fewest turns found with which the seed fails. */
  static SimTrim shrink(long seed, SimPlants plants) {
    SimShrink shrink = new SimShrink(seed, plants);
    int turns = SimRun.steps(seed);
    for (int size = turns; size >= 1; size /= 2) {
      boolean shorter = true;
      while (shorter) {
        shorter = shrink.pass(turns, size);
        shorter &= size == 1;
      }
    }
    return shrink.best;
  }

  /** Tries to leave out each run of that many turns. */
  private boolean pass(int turns, int size) {
    boolean shorter = false;
    for (int to = turns; to >= 1 && runs < RUNS; to -= size) {
      SimTrim shorterTrim = best.without(Math.max(1, to - size + 1), to);
      if (shorterTrim.size() > best.size() && fails(shorterTrim)) {
        best = shorterTrim;
        shorter = true;
      }
    }
    return shorter;
  }

  private boolean fails(SimTrim trim) {
    runs++;
    @Nullable Throwable why =
        SimRun.failureOf(SimRun.world(seed, plants, trim, false), new TreeMap<>());
    return why instanceof SimFailure;
  }
}
