package dev.broadcast.api.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void pausesDoubleUpToTheLongestAndAreNeverTheSame() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
    for (long longest : new long[] {100, 200, 400, 800, 1000, 1000}) {
      long pause = backoff.next().toMillis();
      assertTrue(pause >= longest / 2 - 1 && pause <= longest, longest + ": " + pause);
    }
    backoff.reset();
    assertTrue(backoff.next().toMillis() <= 100);
    assertTrue(
        java.util.stream.IntStream.range(0, 50)
                .mapToObj(i -> new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1)).next())
                .distinct()
                .count()
            > 40);
  }

  @Test
  void manyFailuresDoNotOverflow() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofHours(1));
    for (int i = 0; i < 100; i++) {
      Duration pause = backoff.next();
      assertTrue(!pause.isNegative() && pause.compareTo(Duration.ofHours(1)) <= 0);
    }
  }
}
