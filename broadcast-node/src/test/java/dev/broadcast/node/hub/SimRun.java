package dev.broadcast.node.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Runs many seeds on all cores and tells of the first that fails. */
final class SimRun {
  private static final int LINES = 120;

  private SimRun() {}

  /**
   * A seed that fails.
   *
   * @param seed which
   * @param why its failure
   */
  record Failed(long seed, Throwable why) {}

  /** How a seed is run: half of them with one shard, half with two; the longer ones are rarer. */
  static SimWorld world(long seed, SimPlants plants, boolean traced) {
    return world(seed, plants, SimTrim.NOTHING, traced);
  }

  static int steps(long seed) {
    int steps = seed % 17 == 0 ? 1000 : 100 + (int) (seed % 5) * 50;
    return Integer.getInteger("sim.steps", steps);
  }

  /** The same with turns left out. */
  static SimWorld world(long seed, SimPlants plants, SimTrim trim, boolean traced) {
    return new SimWorld(seed, 1 + (int) (seed & 1), steps(seed), plants, trim, traced);
  }

  /** The failure with the least number among the seeds, or null if there is none. */
  static @Nullable Failed firstFailure(
      long first, long count, SimPlants plants, Map<String, Integer> counts) {
    return firstFailure(first, count, Duration.ofDays(365), plants, counts);
  }

  /** The same, for as many of the seeds as there is time for; {@code counts} tells. */
  static @Nullable Failed firstFailure(
      long first, long count, Duration time, SimPlants plants, Map<String, Integer> counts) {
    long deadline = System.nanoTime() + time.toNanos();
    int threads = Runtime.getRuntime().availableProcessors();
    AtomicLong next = new AtomicLong(first);
    AtomicLong limit = new AtomicLong(first + count);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Failed> failures = new ArrayList<>();
    try {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(
            pool.submit(
                () -> {
                  Map<String, Integer> mine = new TreeMap<>();
                  for (long seed = next.getAndIncrement();
                      seed < limit.get() && System.nanoTime() < deadline;
                      seed = next.getAndIncrement()) {
                    mine.merge("seeds", 1, Integer::sum);
                    Throwable why = failureOf(seed, plants, mine);
                    if (why != null) {
                      synchronized (failures) {
                        failures.add(new Failed(seed, why));
                        limit.accumulateAndGet(seed, Math::min);
                      }
                    }
                  }
                  synchronized (failures) {
                    mine.forEach((what, n) -> counts.merge(what, n, Integer::sum));
                  }
                }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    Failed least = null;
    for (Failed failed : failures) {
      least = least == null || failed.seed() < least.seed() ? failed : least;
    }
    return least;
  }

  static @Nullable Throwable failureOf(long seed, SimPlants plants, Map<String, Integer> counts) {
    return failureOf(world(seed, plants, false), counts);
  }

  static @Nullable Throwable failureOf(SimWorld world, Map<String, Integer> counts) {
    try {
      world.run();
      world.counts().forEach((what, n) -> counts.merge(what, n, Integer::sum));
      return null;
    } catch (RuntimeException | AssertionError e) {
      return e;
    }
  }

  /** What happened in a seed, for people. */
  static String explain(Failed failed, SimPlants plants) {
    SimTrim trim = SimShrink.shrink(failed.seed(), plants);
    SimWorld world = world(failed.seed(), plants, trim, true);
    Throwable why = failureOf(world, new TreeMap<>());
    List<String> lines = world.traced();
    int turns = steps(failed.seed());
    StringBuilder out = new StringBuilder("seed " + failed.seed() + ": " + failed.why() + "\n");
    out.append("with ").append(turns - trim.size()).append(" of ").append(turns);
    out.append(" turns left: ").append(why).append('\n');
    lines
        .subList(Math.max(0, lines.size() - LINES), lines.size())
        .forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }

  /** From the command line: first seed, number of seeds; or one seed to be explained. */
  public static void main(String[] args) {
    long first = Long.parseLong(args[0]);
    if (args.length == 1) {
      SimWorld world = world(first, new SimPlants(), true);
      Throwable why = failureOf(world, new TreeMap<>());
      world.traced().forEach(System.out::println);
      if (why != null) {
        System.out.println(explain(new Failed(first, why), new SimPlants()));
        why.printStackTrace();
      }
      return;
    }
    Map<String, Integer> counts = new TreeMap<>();
    long begin = System.nanoTime();
    Failed failed = firstFailure(first, Long.parseLong(args[1]), new SimPlants(), counts);
    System.out.println(counts + " in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
    if (failed != null) {
      System.out.println(explain(failed, new SimPlants()));
      failed.why().printStackTrace();
    }
  }
}
