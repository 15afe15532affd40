package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole clusters through many orders of events. Nothing is ever lost without a word, doubled or
 * swapped, no reset is needless, and in the end everybody has everything.
 *
 * <p>More of it: {@code -Dsim.first=1000000 -Dsim.seeds=5000000}, and {@code -Dsim.steps=1000} for
 * longer ones.
 */
class SimulationTest {
  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void losesDoublesAndSwapsNothingWhateverTheOrderOfEvents() {
    // Given
    long first = Long.getLong("sim.first", 0);
    long seeds = Long.getLong("sim.seeds", 100_000);
    Map<String, Integer> counts = new TreeMap<>();

    // When
    SimRun.Failed failed = SimRun.firstFailure(first, seeds, new SimPlants(), counts);

    // Then
    System.out.println(seeds + " schedules: " + counts);
    if (failed != null) {
      fail(SimRun.explain(failed, new SimPlants()), failed.why());
    }
    for (String edge :
        new String[] {
          "received", "replayed", "behind", "backfills", "trimmed", "cleared", "epoch", "generation"
        }) {
      assertTrue(counts.getOrDefault(edge, 0) > 0, "never met: " + edge);
    }
  }
}
