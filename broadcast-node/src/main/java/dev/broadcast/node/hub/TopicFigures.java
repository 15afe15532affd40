package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much topics keep, and how much comes on them. The same topics are asked for at most every two
 * seconds, however many want to know. Any thread.
 */
final class TopicFigures {
  private static final Duration WAIT = Duration.ofMillis(800);
  private static final long GOOD_FOR = TimeUnit.SECONDS.toNanos(2);

  private final Backplane backplane;
  private final Roster roster;
  private final LongSupplier nanoTime;
  private List<String> topics = List.of();
  private @Nullable CompletableFuture<Map<String, TopicFigure>> latest;
  private long asked;

  TopicFigures(Backplane backplane, Roster roster, LongSupplier nanoTime) {
    this.backplane = backplane;
    this.roster = roster;
    this.nanoTime = nanoTime;
  }

  synchronized CompletableFuture<Map<String, TopicFigure>> of(List<String> names) {
    long now = nanoTime.getAsLong();
    CompletableFuture<Map<String, TopicFigure>> known = latest;
    if (known != null && names.equals(topics) && now - asked < GOOD_FOR) {
      return known;
    }
    CompletableFuture<Map<String, TopicFigure>> next = ask(names);
    topics = List.copyOf(names);
    asked = now;
    latest = next;
    return next;
  }

  private CompletableFuture<Map<String, TopicFigure>> ask(List<String> names) {
    // Every node counts the same messages, from the time on when its clients used the topic.
    CompletableFuture<long[]> received =
        roster
            .ask(Question.of(Question.RECEIVED, names.toArray()), WAIT)
            .thenApply(
                gathered -> {
                  long[] most = new long[names.size()];
                  for (String answer : gathered.answers().values()) {
                    String[] counts = answer.split("\n", -1);
                    for (int i = 0; i < most.length && i < counts.length; i++) {
                      most[i] = Math.max(most[i], Long.parseLong(counts[i]));
                    }
                  }
                  return most;
                });
    return backplane
        .kept(names)
        .thenCombine(
            received,
            (kept, counts) -> {
              Map<String, TopicFigure> figures = new LinkedHashMap<>();
              for (int i = 0; i < names.size(); i++) {
                figures.put(names.get(i), new TopicFigure(kept.get(i), counts[i]));
              }
              return figures;
            });
  }

  /** What a node answers to {@link Question#RECEIVED}: a count a line, as the topics stand. */
  static String answer(String question, Sequencer sequencer) {
    List<String> counts = new ArrayList<>();
    for (String topic : question.substring(question.indexOf('\n') + 1).split("\n", -1)) {
      counts.add(Long.toString(sequencer.received(topic)));
    }
    return String.join("\n", counts);
  }
}
