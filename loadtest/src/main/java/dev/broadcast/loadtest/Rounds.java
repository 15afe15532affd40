package dev.broadcast.loadtest;

import dev.broadcast.loadtest.server.Ability;
import dev.broadcast.loadtest.server.RunningServer;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Surroundings;
import dev.broadcast.loadtest.work.Measure;
import dev.broadcast.loadtest.work.Outcome;
import dev.broadcast.loadtest.work.Work;
import dev.broadcast.loadtest.work.Work.Start;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Runs all works on all servers, every server once a round, so that a machine that gets slower or
 * faster meanwhile does so for all of them. Each server is started anew in each round and warmed up
 * before it is measured; works that want a server of their own, cold or with a fixed heap, get one.
 */
final class Rounds {
  // What 18,000 streams take on the hungriest server, and no more than a small machine has.
  private static final String HEAP = "3g";

  private final List<ServerUnderTest> servers;
  private final List<Work> works;
  private final int rounds;
  private final WarmUp warmUp;
  private final Surroundings surroundings;
  private final PrintWriter progress;
  private final long start = System.nanoTime();

  Rounds(
      List<ServerUnderTest> servers,
      List<Work> works,
      int rounds,
      WarmUp warmUp,
      Surroundings surroundings,
      PrintWriter progress) {
    this.servers = List.copyOf(servers);
    this.works = List.copyOf(works);
    this.rounds = rounds;
    this.warmUp = warmUp;
    this.surroundings = surroundings;
    this.progress = progress;
  }

  List<Run> run() {
    List<Run> runs = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (ServerUnderTest server : servers) {
        runs.addAll(measure(round, server));
      }
    }
    return runs;
  }

  private List<Run> measure(int round, ServerUnderTest server) {
    List<Run> runs = new ArrayList<>();
    List<Work> able = new ArrayList<>();
    for (Work work : works) {
      Optional<String> why = leftOut(server, work);
      if (why.isEmpty()) {
        able.add(work);
      } else if (round == 1) {
        say(round, server, work, "left out: " + why.get());
      }
    }
    List<Work> warm = able.stream().filter(work -> work.start() == Start.WARM).toList();
    if (!warm.isEmpty()) {
      runs.addAll(measure(round, server, warm, surroundings, warmUp));
    }
    for (Work work : able) {
      if (work.start() == Start.COLD) {
        runs.addAll(measure(round, server, List.of(work), surroundings, new WarmUp(0)));
      } else if (work.start() == Start.FIXED_HEAP) {
        Surroundings fixed = surroundings.withFixedHeap(HEAP);
        runs.addAll(measure(round, server, List.of(work), fixed, warmUp));
      }
    }
    return runs;
  }

  /** Several works on one server process. */
  private List<Run> measure(
      int round, ServerUnderTest server, List<Work> some, Surroundings around, WarmUp before) {
    List<Run> runs = new ArrayList<>();
    try (RunningServer running = server.start(around)) {
      Set<Work> warmed = new HashSet<>();
      for (Work work : some) {
        for (Work warmUp : work.warmUps()) {
          if (warmed.add(warmUp)) {
            warm(round, server, running, warmUp, before.new Course());
          }
        }
        Run run = measure(round, server, running, work);
        runs.add(run);
        say(round, server, work, inShort(work, run));
      }
    } catch (IOException e) {
      // What this server has not been asked yet fails for the same reason, and the report says so.
      for (Work work : some.subList(runs.size(), some.size())) {
        Run run = new Run(round, server.name(), work.name(), null, e.getMessage());
        runs.add(run);
        say(round, server, work, inShort(work, run));
      }
    }
    return runs;
  }

  private void warm(
      int round, ServerUnderTest server, RunningServer running, Work work, WarmUp.Course course)
      throws IOException {
    while (course.goesOn()) {
      Outcome outcome = work.run(running, words -> {});
      course.ran(outcome);
      Measure cost = Measure.CPU_PER_DELIVERY;
      double value = outcome.figures().getOrDefault(cost, Double.NaN);
      say(round, server, work, "warming up… " + cost.title() + " " + cost.text(value));
    }
  }

  private Run measure(int round, ServerUnderTest server, RunningServer running, Work work) {
    try {
      Outcome outcome = work.run(running, words -> say(round, server, work, "… " + words));
      return new Run(round, server.name(), work.name(), outcome, null);
    } catch (IOException e) {
      return new Run(round, server.name(), work.name(), null, e.getMessage());
    }
  }

  private static Optional<String> leftOut(ServerUnderTest server, Work work) {
    Set<Ability> missing = new TreeSet<>(work.needs());
    missing.removeAll(server.abilities());
    if (!missing.isEmpty()) {
      return Optional.of("it has no " + words(missing));
    }
    return server
        .only()
        .filter(ability -> !work.needs().contains(ability))
        .map(ability -> "it is there for works about " + words(Set.of(ability)));
  }

  private static String words(Set<Ability> abilities) {
    return abilities.toString().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
  }

  private static String inShort(Work work, Run run) {
    Outcome outcome = run.outcome();
    if (outcome == null) {
      return "FAILED: " + run.failure();
    }
    String figures =
        work.measures().stream()
            .map(
                measure ->
                    measure.title()
                        + " "
                        + measure.text(outcome.figures().getOrDefault(measure, Double.NaN)))
            .collect(Collectors.joining(", "));
    return run.counts() ? figures : figures + "  VOID: " + String.join(", ", run.faults());
  }

  private void say(int round, ServerUnderTest server, Work work, String what) {
    progress.printf(
        Locale.ROOT,
        "%4ds  round %d/%d  %-18s%-12s%s%n",
        (System.nanoTime() - start) / 1_000_000_000L,
        round,
        rounds,
        server.name(),
        work.name(),
        what);
    progress.flush();
  }
}
