package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came out, a line for each fault: the longest pause, and how long that fault lasted. */
final class FaultTable {
  private FaultTable() {}

  static String of(List<StepResult> results) {
    Map<String, List<StepResult>> byFault = new TreeMap<>();
    for (StepResult result : results) {
      byFault.computeIfAbsent(result.step().fault().name(), name -> new ArrayList<>()).add(result);
    }
    StringBuilder table = new StringBuilder();
    table.append(
        String.format(
            "%n%-25s%6s%10s%12s%6s%6s%8s%8s%8s%10s%10s%12s%n",
            "fault",
            "times",
            "messages",
            "deliveries",
            "lost",
            "dup.",
            "reord.",
            "gone",
            "resets",
            "pause s",
            "lasted s",
            "publish s"));
    byFault.forEach((name, of) -> table.append(line(name, of)));
    return table.toString();
  }

  private static String line(String name, List<StepResult> of) {
    StepResult worst = Collections.max(of, Comparator.comparingLong(StepResult::pauseMillis));
    return String.format(
        "%-25s%6d%10d%12d%6d%6d%8d%8d%8d%10.1f%10.1f%12.1f%n",
        name,
        of.size(),
        of.stream().mapToLong(r -> r.verdict().acknowledged).sum(),
        of.stream().mapToLong(r -> r.verdict().deliveries).sum(),
        of.stream().mapToLong(r -> r.verdict().lost).sum(),
        of.stream().mapToLong(r -> r.verdict().duplicated).sum(),
        of.stream().mapToLong(r -> r.verdict().reordered).sum(),
        of.stream().mapToLong(r -> r.verdict().gone).sum(),
        of.stream().mapToLong(r -> r.verdict().resets).sum(),
        worst.pauseMillis() / 1000.0,
        worst.step().lengthMillis() / 1000.0,
        of.stream().mapToLong(StepResult::publishMillis).max().orElse(0) / 1000.0);
  }
}
