package dev.broadcast.loadtest.faults;

import java.util.Random;

/** What a balancer does with who comes back: any node but the one that just failed. */
final class Balancing {
  private Balancing() {}

  static int another(int node, int nodes, Random random) {
    return nodes == 1 ? node : (node + 1 + random.nextInt(nodes - 1)) % nodes;
  }
}
