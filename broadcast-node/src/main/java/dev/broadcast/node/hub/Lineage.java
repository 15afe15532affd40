package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.ShardState;
import dev.broadcast.node.backplane.ShardState.GenerationStart;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which Redis processes numbered which part of an epoch: each generation ends where the next
 * begins. Redis going back in time shows as a generation that another lineage does not have, or
 * that ends earlier there. Immutable.
 *
 * @param epoch the epoch
 * @param generations oldest first, at least one
 */
record Lineage(String epoch, List<GenerationStart> generations) {

  static Lineage of(ShardState state) {
    return new Lineage(state.epoch(), state.lineage());
  }

  /** The generation that numbers now. */
  String current() {
    return generations.get(generations.size() - 1).generation();
  }

  /**
   * A place in this lineage, named by the current generation whatever its number: a node that does
   * not know of it yet has to ask, and so never honours the place in a branch that is gone.
   */
  MessageId at(int shard, long sequence) {
    return new MessageId(epoch, current(), shard, sequence);
  }

  /**
   * Up to which number this lineage agrees with what {@code generation} numbered; empty: unknown.
   */
  OptionalLong endOf(String generation) {
    for (int i = 0; i < generations.size(); i++) {
      if (generations.get(i).generation().equals(generation)) {
        return OptionalLong.of(
            i + 1 < generations.size() ? generations.get(i + 1).startsAfter() : Long.MAX_VALUE);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * The last number that {@code other}, of the same epoch, has in common with this lineage.
   *
   * @return 0 if they share no generation
   */
  long commonWith(Lineage other) {
    for (int i = generations.size() - 1; i >= 0; i--) {
      String generation = generations.get(i).generation();
      OptionalLong theirs = other.endOf(generation);
      if (theirs.isPresent()) {
        return Math.min(theirs.getAsLong(), endOf(generation).getAsLong());
      }
    }
    return 0;
  }
}
