package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.faults.Seen.What;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Lets the steps of a schedule happen, one after the other, and has each judged. One thread. */
final class Suite {
  private static final Duration SOON = Duration.ofSeconds(90);

  private final Scene scene;
  private final Census census;
  private final long patienceNanos;
  private final PrintWriter out;

  /**
   * @param patience how many seconds to wait for messages that are missing
   */
  Suite(Scene scene, Path java, int patience, PrintWriter out) {
    this.scene = scene;
    this.census = new Census(java);
    this.patienceNanos = TimeUnit.SECONDS.toNanos(patience);
    this.out = out;
  }

  /** Something must not be: the schedule up to there is in the message. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /**
   * Runs all steps; stops at the first that fails.
   *
   * @param goOn whether a broken promise is told and the next step follows
   */
  List<StepResult> run(long seed, List<Step> steps, boolean goOn)
      throws Failed, InterruptedException {
    List<StepResult> results = new ArrayList<>();
    for (Step step : steps) {
      out.println(step);
      out.flush();
      String before = join(steps.subList(0, step.number()));
      String head = "seed " + seed + " failed at " + step + " after\n  " + before + "\n";
      try {
        StepResult result = run(step);
        results.add(result);
        out.println(result);
        List<String> broken = new ArrayList<>(result.verdict().stories());
        growth().ifPresent(broken::add);
        if (!goOn && !broken.isEmpty()) {
          throw new Failed(head + String.join("\n", broken));
        }
        broken.forEach(out::println);
      } catch (IOException | IllegalStateException e) {
        throw new Failed(head + e);
      }
    }
    out.println(census.summary());
    return results;
  }

  private static String join(List<Step> steps) {
    return String.join("\n  ", steps.stream().map(Step::toString).toList());
  }

  private StepResult run(Step step) throws IOException, InterruptedException {
    Fault fault = step.fault();
    Ledger ledger = scene.ledger();
    String epoch = scene.store().epoch();
    scene.traffic().work();
    long begin = System.nanoTime();
    ledger.awaitAcknowledged(20, SOON);
    happen(step);
    ledger.awaitAcknowledged(100, SOON);
    Scene.await(
        "every client is connected",
        () -> scene.clients().stream().allMatch(StreamClient::connected));
    scene.traffic().rest();
    long publishMillis = ledger.longestSilence() / 1_000_000;
    scene.mark();
    Set<String> kept = fault.loss() == Loss.NONE ? Set.of() : scene.store().kept();
    awaitEverything(fault.loss(), kept);
    Evidence evidence =
        new Evidence(
            scene.shards(),
            fault.loss(),
            !epoch.equals(scene.store().epoch()),
            kept,
            ledger.sent(),
            ledger::isOld,
            Evidence.of(scene.clients()));
    StepResult result =
        new StepResult(step, Judge.judge(evidence), pauseMillis(begin), publishMillis);
    scene.bury();
    scene.clients().forEach(StreamClient::nextStep);
    ledger.nextStep();
    scene.spread();
    return result;
  }

  private void happen(Step step) throws IOException, InterruptedException {
    Step beside = step.beside();
    FutureTask<Boolean> other =
        new FutureTask<>(
            () -> {
              if (beside != null) {
                happen(beside);
              }
              return true;
            });
    new Thread(other, "beside").start();
    Thread.sleep(step.afterMillis());
    step.fault().act().happen(scene, step);
    try {
      other.get();
    } catch (ExecutionException e) {
      throw new IOException(beside + ": " + e.getCause(), e);
    }
  }

  /** Until each client has all that Redis has for it; what is missing then is judged as lost. */
  private void awaitEverything(Loss loss, Set<String> kept) throws InterruptedException {
    long deadline = System.nanoTime() + patienceNanos;
    for (StreamClient client : scene.clients()) {
      List<String> expected =
          scene.ledger().sent().stream()
              .filter(sent -> sent.acknowledged() && client.plan().wants(sent))
              .map(Sent::data)
              .filter(data -> loss == Loss.NONE || kept.contains(data))
              .toList();
      while (System.nanoTime() < deadline
          && (client.distinct() < expected.size() || !expected.stream().allMatch(client::got))) {
        Thread.sleep(10);
      }
    }
  }

  private long pauseMillis(long begin) {
    long longest = 0;
    for (StreamClient client : scene.clients()) {
      if (client.plan().unfiltered() && !client.afflicted()) {
        long last = begin;
        for (Seen seen : client.seen()) {
          if (seen.what() == What.MESSAGE) {
            longest = Math.max(longest, seen.nanos() - last);
            last = Math.max(begin, seen.nanos());
          }
        }
      }
    }
    return longest / 1_000_000;
  }

  private Optional<String> growth() throws IOException {
    Optional<String> grown = Optional.empty();
    for (int i = 0; i < scene.nodes().size(); i++) {
      Optional<String> one = census.look(scene.nodes().get(i), scene.clientLink(i).links());
      grown = one.isPresent() ? one : grown;
    }
    return grown;
  }
}
