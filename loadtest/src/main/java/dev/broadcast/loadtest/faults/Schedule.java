package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What happens when: nothing but the seed, the faults asked for and the nodes decide it. */
final class Schedule {
  private Schedule() {}

  /**
   * Every round holds each fault once, in an order, at a place and for a time of its own.
   *
   * @param limit no more steps than that
   */
  static List<Step> of(long seed, int rounds, List<Fault> faults, int nodes, int limit) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<Fault> shuffled = new ArrayList<>(faults);
      Collections.shuffle(shuffled, random);
      for (Fault fault : shuffled) {
        int span = fault.mostMillis() - fault.leastMillis();
        steps.add(
            new Step(
                steps.size() + 1,
                fault,
                random.nextInt(nodes),
                300 + random.nextInt(900),
                fault.leastMillis() + random.nextInt(span + 1),
                random.nextLong()));
      }
    }
    return List.copyOf(steps.subList(0, Math.min(limit, steps.size())));
  }
}
