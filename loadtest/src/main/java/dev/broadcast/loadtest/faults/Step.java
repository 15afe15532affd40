package dev.broadcast.loadtest.faults;

import java.util.Random;

/**
 * A fault with its time and place.
 *
 * @param number counts from 1
 * @param fault what happens
 * @param node to which node, where it happens to one; from 0
 * @param afterMillis how long after the load began
 * @param lengthMillis how long it lasts
 * @param seed for whatever else is to be chosen
 */
record Step(int number, Fault fault, int node, int afterMillis, int lengthMillis, long seed) {

  Random random() {
    return new Random(seed);
  }

  @Override
  public String toString() {
    return String.format(
        "#%d %s node %d after %d ms for %d ms",
        number, fault.name(), node + 1, afterMillis, lengthMillis);
  }
}
