package dev.broadcast.loadtest.work;

import java.util.Locale;

/** A figure that a work can yield; what it means is told in {@code loadtest/README.md}. */
public enum Measure {
  CPU_PER_DELIVERY("CPU µs/delivery", "%.2f", true),
  DELIVERIES_PER_SECOND("deliveries/s", "%,.0f", false),
  PUBLISHES_PER_SECOND("publishes/s", "%,.0f", false),
  CPU_PER_PUBLISH("CPU µs/publish", "%.1f", true),
  P50("p50 ms", "%.2f", false),
  P99("p99 ms", "%.2f", false),
  P999("p99.9 ms", "%.2f", false),
  /** CPU per delivery when the same messages go over one topic to as many streams, and no more. */
  ONE_TOPIC_CPU("one topic µs", "%.2f", false),
  TOPICS_FACTOR("× one topic", "%.2f", false),
  P99_BEFORE("p99 before", "%.2f", false),
  P99_DURING("p99 during", "%.2f", false),
  STORM_FACTOR("during/before", "%.2f", false),
  CAUGHT_UP_SECONDS("caught up s", "%.2f", false),
  CPU_PER_REPLAYED("CPU µs/replayed", "%.3f", false),
  CPU_PER_CONNECT_COLD("cold µs/connect", "%.1f", true),
  CPU_PER_CONNECT_BUSY("busy µs/connect", "%.1f", true),
  CPU_PER_CONNECT_WARM("warm µs/connect", "%.1f", true),
  CONNECTS_PER_SECOND("connects/s", "%,.0f", false),
  HEAP_PER_CONNECTION("heap KB/conn.", "%.2f", false),
  OUTSIDE_PER_CONNECTION("outside KB/conn.", "%.2f", false),
  MEMORY_PER_CONNECTION("KB/conn.", "%.2f", false),
  P99_ALL_READING("p99 all reading", "%.2f", false),
  P99_SOME_STALLED("p99 5 % stalled", "%.2f", false),
  STALLED_FACTOR("stalled/reading", "%.2f", false),
  MEMORY_PER_STALLED("MB/stalled", "%.2f", false),
  GIVEN_UP("% given up", "%.0f", false),
  /** Of all the Redis servers that a server leans on. */
  REDIS_CPU_PER_PUBLISH("Redis µs/publish", "%.1f", false),
  BUSIEST_REDIS("busiest Redis", "%.0f%%", false),
  /** Publishes a second for which the busiest Redis would need a whole processor. */
  REDIS_FULL_AT("Redis full at/s", "%,.0f", false),
  CLIENT_LOAD("client", "%.0f%%", false);

  private final String title;
  private final String format;
  private final boolean inFloors;

  Measure(String title, String format, boolean inFloors) {
    this.title = title;
    this.format = format;
    this.inFloors = inFloors;
  }

  /** The heading of its column, the unit in it. */
  public String title() {
    return title;
  }

  /** A value of it, without its unit. */
  public String text(double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Whether it is also told as a multiple of the floor's. */
  public boolean inFloors() {
    return inFloors;
  }
}
