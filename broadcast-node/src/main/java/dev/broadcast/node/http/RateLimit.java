package dev.broadcast.node.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much one client may do on this node: a bucket a key, or an address where there is no key,
 * that holds a second's worth and fills steadily. A batch larger than the bucket passes a full one,
 * and is paid for afterwards. Any thread.
 *
 * <p>A bucket is the time at which it will be full (the generic cell rate algorithm), so a full one
 * need not be remembered. Where too many are not full, whoever comes shares one.
 */
final class RateLimit {
  /** Buckets remembered: some 100 bytes each. */
  static final int MOST_BUCKETS = 10_000;

  private static final long SECOND = 1_000_000_000;
  private static final String EVERYBODY_ELSE = "";

  private final int perSecond;
  private final LongSupplier nanoTime;
  private final long start;
  private final ConcurrentMap<String, Long> fullAt = new ConcurrentHashMap<>();
  private final AtomicLong swept = new AtomicLong();

  /**
   * With full buckets.
   *
   * @param perSecond of whatever is counted; 0 for no limit
   */
  RateLimit(int perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
  }

  /**
   * Counts messages that are about to be published.
   *
   * @throws Refusal (429) if they must not be; then they do not count
   */
  void count(Exchange exchange, int messages) {
    if (perSecond > 0) {
      long wait = take(who(exchange), messages);
      if (wait > 0) {
        throw Refusal.tooMany(detail(exchange, "messages"), (wait + SECOND - 1) / SECOND);
      }
    }
  }

  /** Counts one; returns null, or why it must not be. */
  @Nullable String countOne(Exchange exchange, String what) {
    return perSecond > 0 && take(who(exchange), 1) > 0 ? detail(exchange, what) : null;
  }

  private static String who(Exchange exchange) {
    return exchange.caller().known()
        ? "key " + exchange.caller().credential()
        : "address " + ClientAddress.of(exchange.request());
  }

  private String detail(Exchange exchange, String what) {
    return "at most "
        + perSecond
        + " "
        + what
        + " a second "
        + (exchange.caller().known() ? "with one key" : "from one address without a key");
  }

  /** Takes from a publisher's bucket; returns 0, or for how many nanoseconds to wait instead. */
  long take(String publisher, int messages) {
    long now = nanoTime.getAsLong() - start;
    long price = messages * SECOND / perSecond;
    long debtAllowed = SECOND - Math.min(price, SECOND);
    String bucket = fullAt.containsKey(publisher) || hasRoom(now) ? publisher : EVERYBODY_ELSE;
    long[] wait = new long[1];
    fullAt.compute(
        bucket,
        (b, full) -> {
          long from = full == null ? now : Math.max(full, now);
          wait[0] = Math.max(0, from - now - debtAllowed);
          return wait[0] > 0 ? from : from + price;
        });
    return wait[0];
  }

  /** Buckets remembered. */
  int buckets() {
    return fullAt.size();
  }

  /** Forgets full buckets when there are too many; once a second, since it looks at all. */
  private boolean hasRoom(long now) {
    if (fullAt.size() < MOST_BUCKETS) {
      return true;
    }
    long last = swept.get();
    if (now - last < SECOND || !swept.compareAndSet(last, now)) {
      return false;
    }
    fullAt.values().removeIf(full -> full <= now);
    return fullAt.size() < MOST_BUCKETS;
  }
}
