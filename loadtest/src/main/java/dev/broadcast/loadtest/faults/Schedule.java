package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What happens when: nothing but the seed, the faults asked for and the nodes decide it. */
final class Schedule {
  private Schedule() {}

  /**
   * Each shape of Redis has its own, so that a seed makes the same of one whatever else is asked.
   *
   * @param limit no more steps than that, all in all
   * @param pairs whether something beside Redis happens at the same time as a fault of Redis
   */
  static Map<Shape, List<Step>> byShape(
      long seed, int rounds, List<Fault> faults, int nodes, int limit, boolean pairs) {
    Map<Shape, List<Fault>> byShape = new EnumMap<>(Shape.class);
    for (Fault fault : faults) {
      byShape.computeIfAbsent(fault.shape(), shape -> new ArrayList<>()).add(fault);
    }
    Map<Shape, List<Step>> schedules = new EnumMap<>(Shape.class);
    int left = limit;
    for (Map.Entry<Shape, List<Fault>> each : byShape.entrySet()) {
      List<Fault> beside = pairs ? Catalogue.besideRedis(each.getKey()) : List.of();
      beside = beside.stream().filter(fault -> Catalogue.missing(fault).isEmpty()).toList();
      List<Step> steps = of(seed, rounds, each.getValue(), nodes, left, beside);
      left -= steps.size();
      if (!steps.isEmpty()) {
        schedules.put(each.getKey(), steps);
      }
    }
    return schedules;
  }

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
