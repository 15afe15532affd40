package dev.broadcast.node.hub;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.List;
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

  // Seeds that say nothing about these would be a simulation of nothing.
  private static final List<String> EDGES =
      List.of(
          "received",
          "replayed",
          "behind",
          "backfills",
          "trimmed",
          "cleared",
          "epoch",
          "generation",
          "pruned",
          "drained");

  private static final int ENOUGH_TO_MEET_ALL = 500;

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
    if (counts.getOrDefault("seeds", 0) >= ENOUGH_TO_MEET_ALL) {
      EDGES.forEach(edge -> assertTrue(counts.getOrDefault(edge, 0) > 0, "never met: " + edge));
    }
  }
}
