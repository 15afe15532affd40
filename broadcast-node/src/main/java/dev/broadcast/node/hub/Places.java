package dev.broadcast.node.hub;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The places that a node has for streams, over all and per address. An address without a stream is
 * not remembered. Any thread.
 */
final class Places {
  private final int most;
  private final int mostOfOne;
  private final AtomicInteger taken = new AtomicInteger();
  private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();

  /**
   * With all places free.
   *
   * @param most streams
   * @param mostOfOne streams of one address; 0 for no limit, and then addresses are not looked at
   */
  Places(int most, int mostOfOne) {
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** Whether addresses count. */
  boolean perAddress() {
    return mostOfOne > 0;
  }

  int taken() {
    return taken.get();
  }

  /** Addresses that have a place. */
  int addresses() {
    return byAddress.size();
  }

  /**
   * Takes a place; give it back with the same address.
   *
   * @param address empty if unknown, which is no address
   * @return null, or why there is none
   */
  @Nullable String take(String address) {
    if (taken.incrementAndGet() > most) {
      taken.decrementAndGet();
      return "this node has its " + most + " connections";
    }
    if (counts(address) && byAddress.merge(address, 1, Integer::sum) > mostOfOne) {
      giveBack(address);
      return "your address has its " + mostOfOne + " connections on this node";
    }
    return null;
  }

  void giveBack(String address) {
    taken.decrementAndGet();
    if (counts(address)) {
      byAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
    }
  }

  private boolean counts(String address) {
    return mostOfOne > 0 && !address.isEmpty();
  }
}
