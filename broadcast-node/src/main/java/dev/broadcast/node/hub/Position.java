package dev.broadcast.node.hub;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a connection has been served. A state machine without I/O, threads or clocks: what
 * happens to the connection goes in, where it stands comes out.
 *
 * <ul>
 *   <li>resolving: it asked for a place that is still being looked up
 *   <li>behind: it walks from {@link #at} to the head, page by page
 *   <li>live: it gets what the loop gets, and its position is the loop's
 * </ul>
 *
 * <p>Invariant: everything at or before the position was handed over, filtered out, or told by a
 * reset; nothing after it was handed over.
 */
final class Position {
  private enum State {
    RESOLVING,
    BEHIND,
    LIVE
  }

  private State state;
  private long @Nullable [] at;
  private Map<String, Long> starts = Map.of();
  private int walk;

  private Position(State state) {
    this.state = state;
  }

  /** At a place that must be looked up. */
  static Position unresolved() {
    return new Position(State.RESOLVING);
  }

  /** At the head. */
  static Position atHead() {
    return new Position(State.LIVE);
  }

  boolean live() {
    return state == State.LIVE;
  }

  boolean resolving() {
    return state == State.RESOLVING;
  }

  /** Where it stands while behind, one a shard. */
  long[] at() {
    if (at == null) {
      throw new IllegalStateException("only a connection behind has a position of its own");
    }
    return at;
  }

  Map<String, Long> starts() {
    return starts;
  }

  /** Marks a new request for a page: answers to earlier ones no longer count. */
  int nextWalk() {
    return ++walk;
  }

  /**
   * A page arrived.
   *
   * @param forWalk what {@link #nextWalk} said when it was asked for
   * @return whether it counts; then it stands at the page's end, live if that is the head
   */
  boolean walked(int forWalk, Page page) {
    if (forWalk != walk || state == State.LIVE) {
      return false;
    }
    if (page.complete()) {
      state = State.LIVE;
      at = null;
      starts = Map.of();
    } else {
      state = State.BEHIND;
      at = page.upTo();
      starts = page.starts();
    }
    return true;
  }

  /** What waited was dropped, or the node jumped over something; it stands at {@code sent}. */
  void fellBehind(long[] sent) {
    state = State.BEHIND;
    at = sent;
    starts = Map.of();
    walk++;
  }

  /** The sequence of one shard, with these topics, began anew. */
  void newEpoch(int index, List<String> topics) {
    rewound(index, topics, 0);
  }

  /** One shard's sequence, with these topics, went back to {@code end}. */
  void rewound(int index, List<String> topics, long end) {
    if (state == State.BEHIND) {
      at()[index] = Math.min(at()[index], end);
      Map<String, Long> still = new HashMap<>(starts);
      topics.forEach(topic -> still.computeIfPresent(topic, (t, start) -> Math.min(start, end)));
      starts = still;
    }
  }

  @Override
  public String toString() {
    return state + (at == null ? "" : Arrays.toString(at));
  }
}
