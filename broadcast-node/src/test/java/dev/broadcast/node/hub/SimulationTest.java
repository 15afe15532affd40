package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole clusters through many orders of events. Nothing is ever lost without a word, doubled or
 * swapped, no reset is needless, and in the end everybody has everything.
 *
 * <p>A build runs as many seeds as two minutes allow, about 1,000 a second on two quiet processors.
 * More of it: {@code -Dsim.first=1000000 -Dsim.seeds=5000000}, and {@code -Dsim.steps=1000} for
 * longer ones.
 */
class SimulationTest {
  private static final Duration IN_A_BUILD = Duration.ofMinutes(2);

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void losesDoublesAndSwapsNothingWhateverTheOrderOfEvents() {
    // Given
    long first = Long.getLong("sim.first", 0);
    long seeds = Long.getLong("sim.seeds", 300_000);
    Duration time = Long.getLong("sim.seeds") == null ? IN_A_BUILD : Duration.ofHours(1);
    Map<String, Integer> counts = new TreeMap<>();

    // When
    SimRun.Failed failed = SimRun.firstFailure(first, seeds, time, new SimPlants(), counts);

    // Then
    System.out.println("from seed " + first + ": " + counts);
    if (failed != null) {
      fail(SimRun.explain(failed, new SimPlants()), failed.why());
    }
    for (String edge :
        new String[] {
          "received",
          "replayed",
          "behind",
          "backfills",
          "trimmed",
          "cleared",
          "epoch",
          "generation",
          "pruned",
          "drained"
        }) {
      assertTrue(counts.getOrDefault(edge, 0) > 0, "never met: " + edge);
    }
  }
}
