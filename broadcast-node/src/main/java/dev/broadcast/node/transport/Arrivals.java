package dev.broadcast.node.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets those who come to an event loop wait for their turn: only so many connections are heard for
 * the first time between two looks at the sockets.
 *
 * <p>Why: {@link Acceptance} bounds how many are accepted, but who has been accepted may say
 * nothing for a while, and then thousands speak at once. The loop finds them ready before the
 * publisher whose request came after theirs: 2,600 clients that came back cost it 90 µs each, and a
 * message 235 ms. With what they sent put aside, the same message came after 28 ms.
 */
final class Arrivals {
  /** First requests between two looks at the sockets: about a millisecond of a loop's time. */
  static final int PER_TURN = 16;

  private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

  private final Map<EventLoop, Line> lines = new ConcurrentHashMap<>();

  /** Those who come to one loop; from any thread. */
  Line of(EventLoop loop) {
    return lines.computeIfAbsent(loop, l -> new Line(step -> SocketTurns.next(l, step)));
  }

  /** Those who wait at one event loop, in their order. Only on that loop. */
  static final class Line {
    private final Executor nextTurn;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean scheduled;

    /**
     * With nobody waiting.
     *
     * @param nextTurn runs a step on the loop once that has looked after its sockets
     */
    Line(Executor nextTurn) {
      this.nextTurn = nextTurn;
    }

    /**
     * Runs a step when it is its turn, never at once: what follows a first request is then no part
     * of the tower of calls that begins at the socket, which the compiler compiles anew at every
     * level.
     *
     * @return whether it is among those of the next turn
     */
    boolean await(Runnable step) {
      waiting.add(step);
      schedule();
      return waiting.size() <= PER_TURN;
    }

    private void schedule() {
      if (!scheduled) {
        scheduled = true;
        nextTurn.execute(this::turn);
      }
    }

    /** Whoever comes next must not wait for ever because one failed. */
    private static void run(Runnable step) {
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.error("event=arrival_failed", e);
      }
    }

    private void turn() {
      scheduled = false;
      for (int i = 0; i < PER_TURN && !waiting.isEmpty(); i++) {
        run(waiting.remove());
      }
      if (!waiting.isEmpty()) {
        schedule();
      }
    }
  }
}
