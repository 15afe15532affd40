package dev.broadcast.loadtest.client;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What went wrong on all streams together.
 *
 * @param orders the most different orders in which the streams of one topic saw its messages; 1 is
 *     right
 */
record Tally(long lost, long duplicated, long reordered, int orders) {

  /** {@code published} says what each publisher sent to the streams of a group. */
  static Tally of(List<Subscriber> streams, IntFunction<int[]> published) {
    long lost = 0;
    long duplicated = 0;
    long reordered = 0;
    Map<Integer, int[]> sent = new HashMap<>();
    Map<Integer, Set<Long>> orders = new HashMap<>();
    for (Subscriber stream : streams) {
      DeliveryCheck check = stream.check();
      lost += check.lost(sent.computeIfAbsent(stream.group(), published::apply));
      duplicated += check.duplicated();
      reordered += check.reordered();
      orders.computeIfAbsent(stream.group(), topic -> new HashSet<>()).add(check.order());
    }
    return new Tally(
        lost, duplicated, reordered, orders.values().stream().mapToInt(Set::size).max().orElse(1));
  }
}
