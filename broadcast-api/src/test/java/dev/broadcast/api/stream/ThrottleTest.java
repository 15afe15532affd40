package dev.broadcast.api.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final long TICK = Duration.ofMillis(100).toNanos();

  private final Throttle<String, Integer> throttle =
      new Throttle<>(ThrottlePolicy.every(Duration.ofMillis(100)).buffering(3));

  @Test
  void theFirstValueAfterAQuietTimeNeedNotWait() {
    throttle.offer("a", 1);
    assertEquals(List.of(1), throttle.due(Long.MAX_VALUE - 5));
    throttle.offer("a", 2);
    // A clock may pass the end of its numbers.
    assertEquals(List.of(), throttle.due(Long.MAX_VALUE - 5 + TICK - 1));
    assertEquals(1, throttle.untilDue(Long.MAX_VALUE - 5 + TICK - 1));
    assertEquals(List.of(2), throttle.due(Long.MAX_VALUE - 5 + TICK));
  }

  @Test
  void theLatestOfEachKeyLeavesInTheOrderInWhichItCame() {
    throttle.offer("x", 0);
    throttle.due(0);
    throttle.offer("a", 1);
    throttle.offer("b", 2);
    throttle.offer("a", 3);
    assertEquals(List.of(), throttle.due(TICK - 1));
    assertEquals(List.of(2, 3), throttle.due(TICK));
    assertTrue(throttle.isEmpty());
    assertEquals(List.of(), throttle.due(5 * TICK));
  }

  @Test
  void moreKeysThanMayWaitDropTheOneThatWaitsLongest() {
    for (int i = 0; i < 5; i++) {
      throttle.offer("k" + i, i);
    }
    assertEquals(2, throttle.dropped());
    assertEquals(List.of(2, 3, 4), throttle.drain());
  }

  @Test
  void policiesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> ThrottlePolicy.every(Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> ThrottlePolicy.every(Duration.ofSeconds(1)).buffering(0));
  }
}
