package dev.broadcast.node.hub;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The places that a node has for streams, over all, per address and per key. Who has no stream is
 * not remembered. Any thread.
 */
final class Places {
  private final int most;
  private final Counted addresses;
  private final Counted keys;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * With all places free.
   *
   * @param most streams
   * @param mostOfAddress streams of one address; 0 for no limit, and then addresses are not looked
   *     at
   * @param mostOfKey the same of one key or token
   */
  Places(int most, int mostOfAddress, int mostOfKey) {
    this.most = most;
    this.addresses = new Counted(mostOfAddress);
    this.keys = new Counted(mostOfKey);
  }

  /** Whether addresses count. */
  boolean perAddress() {
    return addresses.most > 0;
  }

  int taken() {
    return taken.get();
  }

  /** Addresses and keys that have a place. */
  int remembered() {
    return addresses.places.size() + keys.places.size();
  }

  /**
   * Takes a place; give it back with the same address and key.
   *
   * @param address empty if unknown, which is no address
   * @param key digest of a key or token, empty for none, which is no key
   * @return null, or why there is none
   */
  @Nullable String take(String address, String key) {
    if (taken.incrementAndGet() > most) {
      taken.decrementAndGet();
      return "this node has its " + most + " connections";
    }
    if (!addresses.take(address)) {
      taken.decrementAndGet();
      return "your address has its " + addresses.most + " connections on this node";
    }
    if (!keys.take(key)) {
      addresses.giveBack(address);
      taken.decrementAndGet();
      return "your key has its " + keys.most + " connections on this node";
    }
    return null;
  }

  void giveBack(String address, String key) {
    taken.decrementAndGet();
    addresses.giveBack(address);
    keys.giveBack(key);
  }

  /** Places by whoever has them. */
  private static final class Counted {
    private final int most;
    private final ConcurrentMap<String, Integer> places = new ConcurrentHashMap<>();

    Counted(int most) {
      this.most = most;
    }

    boolean take(String who) {
      if (counts(who) && places.merge(who, 1, Integer::sum) > most) {
        giveBack(who);
        return false;
      }
      return true;
    }

    void giveBack(String who) {
      if (counts(who)) {
        places.computeIfPresent(who, (w, count) -> count == 1 ? null : count - 1);
      }
    }

    private boolean counts(String who) {
      return most > 0 && !who.isEmpty();
    }
  }
}
