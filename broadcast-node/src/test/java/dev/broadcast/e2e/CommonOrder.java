package dev.broadcast.e2e;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether one order exists that everybody's sequence fits in: each pair of neighbours is an edge,
 * and what a topological sort cannot place lies on, or behind, a circle of contradictions.
 */
final class CommonOrder {

  private final Map<String, Set<String>> successors = new HashMap<>();

  /** One client's sequence, each item once. */
  void add(List<String> sequence) {
    for (int i = 0; i < sequence.size(); i++) {
      Set<String> next = successors.computeIfAbsent(sequence.get(i), item -> new HashSet<>());
      if (i + 1 < sequence.size()) {
        next.add(sequence.get(i + 1));
      }
    }
  }

  /** The items on circles; empty when all agree. */
  Set<String> disputed() {
    // What has no successor left cannot be on a circle, and then what only led there, and so on;
    // the same from the other end.
    Map<String, Set<String>> left = withoutEnds(successors);
    return new TreeSet<>(withoutEnds(reversed(left)).keySet());
  }

  private static Map<String, Set<String>> withoutEnds(Map<String, Set<String>> edges) {
    Map<String, Set<String>> back = reversed(edges);
    Map<String, Integer> degree = new HashMap<>();
    var ends = new ArrayDeque<String>();
    edges.forEach(
        (item, next) -> {
          degree.put(item, next.size());
          if (next.isEmpty()) {
            ends.add(item);
          }
        });
    Set<String> removed = new HashSet<>();
    for (String end = ends.poll(); end != null; end = ends.poll()) {
      removed.add(end);
      for (String before : back.getOrDefault(end, Set.of())) {
        if (degree.merge(before, -1, Integer::sum) == 0) {
          ends.add(before);
        }
      }
    }
    Map<String, Set<String>> kept = new HashMap<>();
    for (String item : new ArrayList<>(edges.keySet())) {
      if (!removed.contains(item)) {
        Set<String> next = new HashSet<>(edges.getOrDefault(item, Set.of()));
        next.removeAll(removed);
        kept.put(item, next);
      }
    }
    return kept;
  }

  private static Map<String, Set<String>> reversed(Map<String, Set<String>> edges) {
    Map<String, Set<String>> back = new HashMap<>();
    edges.forEach(
        (item, next) -> {
          back.computeIfAbsent(item, it -> new HashSet<>());
          next.forEach(it -> back.computeIfAbsent(it, key -> new HashSet<>()).add(item));
        });
    return back;
  }
}
