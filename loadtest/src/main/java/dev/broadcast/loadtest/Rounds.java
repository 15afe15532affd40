package dev.broadcast.loadtest;

import dev.broadcast.loadtest.client.LoadClient;
import dev.broadcast.loadtest.client.LoadResult;
import dev.broadcast.loadtest.server.RunningServer;
import dev.broadcast.loadtest.server.ServerUnderTest;
import dev.broadcast.loadtest.server.Surroundings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs all works on all servers, every server once a round, so that a machine that gets slower or
 * faster meanwhile does so for all of them. Each server is started anew in each round and warmed up
 * before it is measured.
 */
final class Rounds {
  private final List<ServerUnderTest> servers;
  private final List<Work> works;
  private final int rounds;
  private final List<Work> warmUps;
  private final Surroundings surroundings;
  private final PrintWriter progress;
  private final long start = System.nanoTime();

  Rounds(
      List<ServerUnderTest> servers,
      List<Work> works,
      int rounds,
      List<Work> warmUps,
      Surroundings surroundings,
      PrintWriter progress) {
    this.servers = List.copyOf(servers);
    this.works = List.copyOf(works);
    this.rounds = rounds;
    this.warmUps = List.copyOf(warmUps);
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
    try (RunningServer running = server.start(surroundings)) {
      for (Work work : warmUps) {
        say(round, server, work, "…");
        LoadClient.run(work.plan(running), running::usage);
      }
      for (Work work : works) {
        Run run = measure(round, server, running, work);
        runs.add(run);
        say(round, server, work, inShort(run));
      }
    } catch (IOException e) {
      // What this server has not been asked yet fails for the same reason, and the report says so.
      for (Work work : works.subList(runs.size(), works.size())) {
        Run run = new Run(round, server.name(), work.name(), null, e.getMessage());
        runs.add(run);
        say(round, server, work, inShort(run));
      }
    }
    return runs;
  }

  private static Run measure(int round, ServerUnderTest server, RunningServer running, Work work) {
    try {
      LoadResult result = LoadClient.run(work.plan(running), running::usage);
      return new Run(round, server.name(), work.name(), result, null);
    } catch (IOException e) {
      return new Run(round, server.name(), work.name(), null, e.getMessage());
    }
  }

  private static String inShort(Run run) {
    LoadResult result = run.result();
    if (result == null) {
      return "FAILED: " + run.failure();
    }
    String figures =
        String.format(
            Locale.ROOT,
            "%.2f µs/delivery, %,.0f deliveries/s, p50 %.2f ms, p99 %.2f ms",
            result.cpuMicrosPerDelivery(),
            result.deliveriesPerSecond(),
            result.latency().p50(),
            result.latency().p99());
    return run.counts() ? figures : figures + "  VOID: " + String.join(", ", run.faults());
  }

  private void say(int round, ServerUnderTest server, Work work, String what) {
    progress.printf(
        Locale.ROOT,
        "%4ds  round %d/%d  %-16s%-12s%s%n",
        (System.nanoTime() - start) / 1_000_000_000L,
        round,
        rounds,
        server.name(),
        work.name(),
        what);
    progress.flush();
  }
}
