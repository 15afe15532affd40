package dev.broadcast.loadtest.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void theBusiestRedisSaysWhenMoreServersPay() {
    // 100,000 publishes in 5 s, three of four seconds of processor time on the second server.
    Map<Measure, Double> figures = Spread.ofRedis(List.of(SECOND, 3 * SECOND), 100_000, 5);

    assertEquals(40, figures.get(Measure.REDIS_CPU_PER_PUBLISH), 1e-9);
    assertEquals(60, figures.get(Measure.BUSIEST_REDIS), 1e-9);
    assertEquals(100_000 / 3.0, figures.get(Measure.REDIS_FULL_AT), 1e-6);
  }

  @Test
  void withoutRedisThereIsNothingToSayAboutIt() {
    assertEquals(Map.of(), Spread.ofRedis(List.of(), 100_000, 5));
  }
}
