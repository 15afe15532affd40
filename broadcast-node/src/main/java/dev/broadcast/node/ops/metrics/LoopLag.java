package dev.broadcast.node.ops.metrics;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a task waits for its turn on each event loop: one task a second and loop. Any thread may
 * ask.
 */
public final class LoopLag {
  private static final int KEPT = 15;
  private static final double NANOS = 1e9;

  private final List<Executor> loops;
  private final Supplier<@Nullable Executor> current;
  private final LongSupplier nanoTime;
  private final AtomicLongArray worst;
  private long lastBeat;
  private int beats;

  /**
   * @param loops to watch
   * @param current which of them the caller is on, or null
   */
  public LoopLag(
      List<Executor> loops, Supplier<@Nullable Executor> current, LongSupplier nanoTime) {
    this.loops = List.copyOf(loops);
    this.current = current;
    this.nanoTime = nanoTime;
    this.worst = new AtomicLongArray(loops.size() * KEPT);
  }

  /**
   * Measures; to be called every {@code periodNanos}, always by the same timer. That timer's own
   * loop shows its lag by the timer being late.
   */
  public void beat(long periodNanos) {
    long now = nanoTime.getAsLong();
    long late = beats == 0 ? 0 : Math.max(0, now - lastBeat - periodNanos);
    int slot = beats++ % KEPT;
    lastBeat = now;
    Executor here = current.get();
    for (int i = 0; i < loops.size(); i++) {
      int at = i * KEPT + slot;
      if (loops.get(i).equals(here)) {
        worst.set(at, late);
      } else {
        worst.set(at, 0);
        loops.get(i).execute(() -> worst.set(at, nanoTime.getAsLong() - now));
      }
    }
  }

  int loops() {
    return loops.size();
  }

  /** The longest of the last 15 beats. */
  double seconds(int loop) {
    long most = 0;
    for (int i = 0; i < KEPT; i++) {
      most = Math.max(most, worst.get(loop * KEPT + i));
    }
    return most / NANOS;
  }
}
