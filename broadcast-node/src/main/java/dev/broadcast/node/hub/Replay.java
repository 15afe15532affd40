package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Entry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives walkers their next page: from the rings where they reach back far enough, else from the
 * backplane's history. Only on the hub thread.
 */
class Replay {
  /**
   * How much one step brings.
   *
   * @param messages the most messages of a page
   * @param bytes after which a page ends
   * @param readEntries how many entries a topic one read of history asks for
   */
  record Limits(int messages, int bytes, int readEntries) {
    static final Limits DEFAULT = new Limits(256, 256 << 10, 512);
  }

  /** Whom to ask for things beyond rings and history. */
  interface Host {
    Shard shard(int number);

    /** Tells a loop something, in order with everything else it is told. */
    void tell(Loop loop, Notice notice);

    /** Goes on with a walk when it is its turn: many may have waited for the same answer. */
    void inTurn(Walk walk, Runnable step);

    /** The backplane's state is not the one known. */
    void reattach(int shard);

    /** A walk's positions are of a version that is gone. */
    void outdated(Walk walk);

    /** Decodes an entry; null for one that is not a message or not ours. */
    @Nullable Event decode(Entry entry);
  }

  final Host host;
  final Rings rings;
  final HistoryReads reads;
  final Limits limits;
  private Set<Walk> parked = new LinkedHashSet<>();

  Replay(Host host, Rings rings, HistoryReads reads, Limits limits) {
    this.host = host;
    this.rings = rings;
    this.reads = reads;
    this.limits = limits;
  }

  /** Answers a walk whose place is resolved; no answer if the place no longer means anything. */
  void serve(Walk walk) {
    serve(walk, new long[0], List.of());
  }

  /**
   * @param from where the walker stands once told the resets; empty if there are none
   * @param resets to be told first
   */
  void serve(Walk walk, long[] from, List<Reset> resets) {
    new PageBuilder(this, walk, from, resets).next(0);
  }

  /** Keeps a walk until the backplane moves again. */
  void park(Walk walk) {
    if (parked.add(walk)) {
      host.tell(walk.loop, new Notice.Waiting(walk.connection));
    }
  }

  /** Hands out the parked walks, to be tried again. */
  List<Walk> unpark() {
    List<Walk> again = List.copyOf(parked);
    parked = new LinkedHashSet<>();
    return again;
  }

  /** Whether {@code position} may be taken for the head: nothing the walker wants is newer. */
  boolean atHead(long position, Shard shard) {
    return position >= shard.position();
  }
}
