package dev.broadcast.node.hub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cohorts of a loop, by what they asked for and by topic. Only on that loop. */
final class Cohorts {
  private final Map<Selection, Cohort> bySelection = new HashMap<>();
  private final Map<String, List<Cohort>> byTopic = new HashMap<>();

  /** The cohort of a selection, or the one that is made if there is none. */
  Cohort join(Selection selection, Loop loop) {
    Cohort cohort = bySelection.get(selection);
    if (cohort == null) {
      cohort = new Cohort(loop, selection);
      bySelection.put(selection, cohort);
      for (List<String> topics : selection.topics()) {
        for (String topic : topics) {
          byTopic.computeIfAbsent(topic, t -> new ArrayList<>(2)).add(cohort);
        }
      }
      loop.hub().use(selection);
    }
    return cohort;
  }

  /** A cohort without members is forgotten. */
  void forget(Cohort cohort) {
    bySelection.remove(cohort.selection());
    for (List<String> topics : cohort.selection().topics()) {
      for (String topic : topics) {
        byTopic.computeIfPresent(
            topic,
            (t, list) -> {
              list.remove(cohort);
              return list.isEmpty() ? null : list;
            });
      }
    }
  }

  List<Cohort> of(String topic) {
    return byTopic.getOrDefault(topic, List.of());
  }

  /** Topics after a name in the order of names, with how many connections listen to each. */
  Map<String, Integer> listeners(String after) {
    Map<String, Integer> listeners = new HashMap<>();
    byTopic.forEach(
        (topic, interested) -> {
          if (topic.compareTo(after) > 0) {
            listeners.put(topic, interested.stream().mapToInt(Cohort::members).sum());
          }
        });
    return listeners;
  }
}
