package dev.broadcast.api.stream;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What waits for the next tick of a throttled stream: the latest value of each key, in the order in
 * which these latest came. The first value after a quiet time need not wait. No clock of its own,
 * no thread; not thread-safe.
 *
 * @param <K> what tells values apart, for example topics
 * @param <V> values
 */
public final class Throttle<K, V> {
  private final long interval;
  private final int maxBuffered;
  private final Map<K, V> waiting = new LinkedHashMap<>();
  private boolean ticked;
  private long lastTick;
  private long dropped;

  public Throttle(ThrottlePolicy policy) {
    interval = policy.minInterval().toNanos();
    maxBuffered = policy.maxBuffered();
  }

  /** Takes a value; an older one of the same key will never leave. */
  public void offer(K key, V value) {
    waiting.remove(key);
    waiting.put(key, value);
    if (waiting.size() > maxBuffered) {
      Iterator<K> eldest = waiting.keySet().iterator();
      eldest.next();
      eldest.remove();
      dropped++;
    }
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * How long until what waits may leave.
   *
   * @param now nanoseconds of a clock that never goes back
   * @return nanoseconds, 0 if it may leave now
   */
  public long untilDue(long now) {
    return ticked ? Math.max(0, interval - (now - lastTick)) : 0;
  }

  /** What may leave now, in order: all that waits, or nothing. */
  public List<V> due(long now) {
    if (waiting.isEmpty() || untilDue(now) > 0) {
      return List.of();
    }
    ticked = true;
    lastTick = now;
    return drain();
  }

  /** All that waits, due or not: the stream ends, or something must not be held back any longer. */
  public List<V> drain() {
    List<V> all = new ArrayList<>(waiting.values());
    waiting.clear();
    return all;
  }

  /** How many values left unseen because too many keys waited. */
  public long dropped() {
    return dropped;
  }
}
