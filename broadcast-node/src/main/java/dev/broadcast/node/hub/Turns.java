package dev.broadcast.node.hub;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets walkers take turns, so that live delivery goes first: each turn of a loop has room for a few
 * pages, and between two turns the loop looks after its sockets and what is published. Without it
 * 5,000 clients that came back at once held up live messages for 2.3 s, the whole storm. Only on
 * the hub thread, but for {@link #roomAgain}.
 */
final class Turns {
  /** Where pages go. */
  interface Room {
    /** Pages that it was told of and has not sent yet. */
    int pagesUnderWay();
  }

  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  /** Pages on their way to one loop: about a millisecond of its time. */
  static final int PAGES = 4;

  /** Steps of one turn: most bring a page or ask for one. */
  private static final int STEPS = 64;

  private final Executor nextTurn;
  private final Map<Room, Queue<Runnable>> waiting = new LinkedHashMap<>();
  private boolean scheduled;

  /**
   * With nobody waiting.
   *
   * @param nextTurn runs a step on the hub thread once that has looked after its sockets
   */
  Turns(Executor nextTurn) {
    this.nextTurn = nextTurn;
  }

  /** A step that may give a page to one of the loop's walkers. */
  void add(Room loop, Runnable step) {
    waiting.computeIfAbsent(loop, l -> new ArrayDeque<>()).add(step);
    schedule();
  }

  /** A loop has sent pages; from its thread. */
  void roomAgain() {
    nextTurn.execute(this::take);
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      nextTurn.execute(
          () -> {
            scheduled = false;
            take();
          });
    }
  }

  /** Whoever comes next must not wait for ever because one failed. */
  private static void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("event=page_failed", e);
    }
  }

  private void take() {
    waiting.forEach(this::take);
  }

  private void take(Room loop, Queue<Runnable> steps) {
    for (int i = 0; i < STEPS; i++) {
      // A loop that is full calls again.
      if (loop.pagesUnderWay() >= PAGES) {
        return;
      }
      Runnable step = steps.poll();
      if (step == null) {
        return;
      }
      run(step);
    }
    schedule();
  }
}
