package dev.broadcast.loadtest.faults;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A fault with its time and place.
 *
 * @param number counts from 1
 * @param fault what happens
 * @param node to which node, where it happens to one; from 0
 * @param afterMillis how long after the load began
 * @param lengthMillis how long it lasts
 * @param seed for whatever else is to be chosen
 * @param beside what happens at the same time, if anything
 */
record Step(
    int number,
    Fault fault,
    int node,
    int afterMillis,
    int lengthMillis,
    long seed,
    @Nullable Step beside) {

  Random random() {
    return new Random(seed);
  }

  @Override
  public String toString() {
    String text =
        String.format(
            "#%d %s node %d after %d ms for %d ms",
            number, fault.name(), node + 1, afterMillis, lengthMillis);
    return beside == null ? text : text + ", beside " + beside;
  }
}
