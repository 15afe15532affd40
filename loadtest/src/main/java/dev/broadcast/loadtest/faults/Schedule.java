package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What happens when: nothing but the seed, the faults asked for and the nodes decide it. */
final class Schedule {
  private Schedule() {}

  /**
   * Every round holds each fault once, in an order, at a place and for a time of its own.
   *
   * @param nodes how many there are
   * @param limit no more steps than that
   * @param beside one of these happens at the same time as a fault of Redis; empty for none
   */
  static List<Step> of(
      long seed, int rounds, List<Fault> faults, int nodes, int limit, List<Fault> beside) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      List<Fault> shuffled = new ArrayList<>(faults);
      Collections.shuffle(shuffled, random);
      for (Fault fault : shuffled) {
        int number = steps.size() + 1;
        Step other =
            beside.isEmpty() || beside.contains(fault)
                ? null
                : step(number, beside.get(random.nextInt(beside.size())), nodes, random, null);
        steps.add(step(number, fault, nodes, random, other));
      }
    }
    return List.copyOf(steps.subList(0, Math.min(limit, steps.size())));
  }

  private static Step step(
      int number, Fault fault, int nodes, Random random, @Nullable Step beside) {
    int span = fault.mostMillis() - fault.leastMillis();
    return new Step(
        number,
        fault,
        random.nextInt(nodes),
        300 + random.nextInt(900),
        fault.leastMillis() + random.nextInt(span + 1),
        random.nextLong(),
        beside);
  }
}
