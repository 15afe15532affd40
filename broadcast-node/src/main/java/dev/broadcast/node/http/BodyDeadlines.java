package dev.broadcast.node.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives up bodies that take too long. Looks at all that are being read a few times within the time
 * they have, instead of setting a timer for each: almost all have arrived before they could be
 * looked at, and a timer was set and taken back for every publish. Any thread.
 */
final class BodyDeadlines {
  private final Vertx vertx;
  private final long nanos;
  private final long lookMillis;
  private final Set<Deadline> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();

  /**
   * With nothing being read.
   *
   * @param within how long a body may take; it is given up at most a tenth later
   */
  BodyDeadlines(Vertx vertx, Duration within) {
    this.vertx = vertx;
    this.nanos = within.toNanos();
    this.lookMillis = Math.max(1, within.toMillis() / 10);
  }

  /** One body's. */
  final class Deadline {
    private final Context context;
    private final long started = System.nanoTime();
    private final Runnable tooSlow;

    private Deadline(Context context, Runnable tooSlow) {
      this.context = context;
      this.tooSlow = tooSlow;
    }

    private boolean isOver(long now) {
      boolean over = now - started >= nanos;
      if (over) {
        context.runOnContext(ignored -> tooSlow.run());
      }
      return over;
    }

    /** It is complete, or given up. */
    void met() {
      open.remove(this);
    }
  }

  /**
   * Starts the time of a body.
   *
   * @param context on which the body is read
   * @param tooSlow runs there, unless the deadline was met; it may have been met meanwhile
   */
  Deadline start(Context context, Runnable tooSlow) {
    Deadline deadline = new Deadline(context, tooSlow);
    open.add(deadline);
    look();
    return deadline;
  }

  private void look() {
    if (!open.isEmpty() && looking.compareAndSet(false, true)) {
      vertx.setTimer(
          lookMillis,
          timer -> {
            looking.set(false);
            giveUp();
            look();
          });
    }
  }

  private void giveUp() {
    long now = System.nanoTime();
    open.removeIf(deadline -> deadline.isOver(now));
  }
}
