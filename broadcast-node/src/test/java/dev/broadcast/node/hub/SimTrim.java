package dev.broadcast.node.hub;

import java.util.BitSet;

/** Which turns of a schedule are left out, so that a failure is told in as few as will do. */
final class SimTrim {
  /** Leaves out nothing. */
  static final SimTrim NOTHING = new SimTrim(new BitSet());

  private final BitSet without;

  SimTrim(BitSet without) {
    this.without = without;
  }

  boolean keeps(int turn) {
    return !without.get(turn);
  }

  /** The same without those of {@code from} to {@code to} as well. */
  SimTrim without(int from, int to) {
    BitSet more = (BitSet) without.clone();
    more.set(from, to + 1);
    return new SimTrim(more);
  }

  int size() {
    return without.cardinality();
  }
}
