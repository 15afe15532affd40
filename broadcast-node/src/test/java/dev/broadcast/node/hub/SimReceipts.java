package dev.broadcast.node.hub;

import java.util.HashMap;
import java.util.Map;

/** What nodes report to publishers: each once, in each of its lives. */
final class SimReceipts {
  private final Map<String, Map<String, Integer>> reports = new HashMap<>();
  private int opened;

  String open() {
    return "r" + ++opened;
  }

  void report(String receipt, String incarnation, int clients) {
    Map<String, Integer> of = reports.computeIfAbsent(receipt, r -> new HashMap<>());
    if (of.put(incarnation, clients) != null) {
      throw new SimFailure(incarnation + " reports twice to " + receipt);
    }
  }

  /** All nodes have reported, and that many clients in all. */
  void expect(int number, int nodes, int clients) {
    Map<String, Integer> of = reports.getOrDefault("r" + number, Map.of());
    int sum = of.values().stream().mapToInt(Integer::intValue).sum();
    if (of.size() != nodes || sum != clients) {
      throw new SimFailure(
          "receipt r" + number + " says " + of + " where " + clients + " clients get the message");
    }
  }

  int opened() {
    return opened;
  }
}
