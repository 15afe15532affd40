package dev.broadcast.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private final AtomicLong now = new AtomicLong(-7);

  private void pass(long millis) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void overAnyTimeItIsTheRateAndASecondsWorthMore() {
    var limit = new RateLimit(100, now::get);
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      taken += limit.take("a", 1) == 0 ? 1 : 0;
      pass(1);
    }
    assertEquals(1_100, taken, 1);
  }

  @Test
  void oneDoesNotPayForAnother() {
    var limit = new RateLimit(2, now::get);
    assertEquals(0, limit.take("a", 2));
    assertEquals(TimeUnit.MILLISECONDS.toNanos(500), limit.take("a", 1));
    assertEquals(0, limit.take("b", 2));
  }

  @Test
  void whoComesBackWhenToldIsLetIn() {
    var limit = new RateLimit(10, now::get);
    // A large batch passes a full bucket only.
    assertEquals(0, limit.take("a", 1));
    long wait = limit.take("a", 35);
    now.addAndGet(wait - 1);
    assertTrue(limit.take("a", 35) > 0);
    now.addAndGet(1);
    assertEquals(0, limit.take("a", 35));
    // And is paid for.
    assertEquals(TimeUnit.MILLISECONDS.toNanos(2_600), limit.take("a", 1));
  }

  @Test
  void onlyWhoPublishesIsRememberedAndNeverTooMany() {
    var limit = new RateLimit(1, now::get);
    for (int i = 0; i < 3 * RateLimit.MOST_BUCKETS; i++) {
      limit.take("a" + i, 1);
    }
    assertTrue(limit.buckets() <= RateLimit.MOST_BUCKETS + 1, "" + limit.buckets());
    assertTrue(limit.take("one too many", 1) > 0);
    assertTrue(limit.take("a1", 1) > 0);
    pass(3_000);
    assertEquals(0, limit.take("one too many", 1));
    assertTrue(limit.buckets() < 5, "" + limit.buckets());
  }
}
