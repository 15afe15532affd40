package dev.broadcast.node.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Who runs next: every thread, connection and wire of a simulated cluster is an actor with tasks in
 * order; which actor's next task runs is the seed's choice. So all delays and all interleavings of
 * different actors can happen, and a seed always does the same.
 */
final class SimScheduler {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;

  /** What decides now; each turn has its own, so that leaving out a turn changes no other. */
  SplittableRandom random;

  private final List<Actor> ready = new ArrayList<>();
  private @Nullable Actor current;
  private long nanos;
  private int steps;

  SimScheduler(long seed) {
    this.seed = seed;
    random = new SplittableRandom(seed);
  }

  /** The next choices are those of that turn. */
  void turn(int number) {
    random = new SplittableRandom((seed ^ GOLDEN) + number * GOLDEN);
  }

  /** Something with tasks that run one after the other. */
  final class Actor implements Executor {
    final String name;
    private final boolean slow;
    private boolean frozen;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(4);

    private Actor(String name) {
      this.name = name;
      this.slow = random.nextInt(4) == 0;
    }

    @Override
    public void execute(Runnable task) {
      if (tasks.isEmpty()) {
        ready.add(this);
      }
      tasks.add(task);
    }

    /** Whether it stands still: its tasks wait. */
    void freeze(boolean on) {
      frozen = on;
    }

    /** Forgets what was to be done. */
    void clear() {
      if (!tasks.isEmpty()) {
        tasks.clear();
        ready.remove(this);
      }
    }

    @Nullable Runnable take() {
      Runnable task = tasks.poll();
      if (task != null && tasks.isEmpty()) {
        ready.remove(this);
      }
      return task;
    }

    int waiting() {
      return tasks.size();
    }
  }

  Actor actor(String name) {
    return new Actor(name);
  }

  /** Runs one task of some actor; false if there is none. */
  boolean step() {
    if (ready.isEmpty()) {
      return false;
    }
    Actor next = ready.get(random.nextInt(ready.size()));
    if (next.slow) {
      next = ready.get(random.nextInt(ready.size()));
    }
    if (next.frozen) {
      next = firstAwake();
      if (next == null) {
        return false;
      }
    }
    steps++;
    nanos += random.nextInt(2_000_000);
    Runnable task = next.take();
    current = next;
    try {
      if (task != null) {
        task.run();
      }
    } finally {
      current = null;
    }
    return true;
  }

  private @Nullable Actor firstAwake() {
    for (Actor actor : ready) {
      if (!actor.frozen) {
        return actor;
      }
    }
    return null;
  }

  /** The actor whose task runs. */
  @Nullable Actor current() {
    return current;
  }

  long nanos() {
    return nanos;
  }

  void advance(long by) {
    nanos += by;
  }

  int steps() {
    return steps;
  }

  /** One chance in so many. */
  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
