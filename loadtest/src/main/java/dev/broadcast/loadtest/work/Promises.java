package dev.broadcast.loadtest.work;

import dev.broadcast.loadtest.work.Promise.Above;
import dev.broadcast.loadtest.work.Promise.Itself;
import dev.broadcast.loadtest.work.Promise.Times;
import dev.broadcast.loadtest.work.Promise.Unit;
import java.util.List;

/** What this project promises about its node: whoever runs the benchmark sees it kept or broken. */
public final class Promises {
  private static final String NODE = "broadcast";
  private static final String NODE_REDIS = "broadcast-redis";
  private static final Unit FLOORS = new Times("floor");
  private static final Unit ITSELF = new Itself();

  private static final List<Promise> ALL =
      List.of(
          atMost("latency1k", NODE, Measure.CPU_PER_DELIVERY, 1.25, FLOORS),
          atMost("latency1k", NODE_REDIS, Measure.CPU_PER_DELIVERY, 1.35, FLOORS),
          atMost("latency1k", NODE_REDIS, Measure.P99, 3, new Above("floor")),
          atMost("latency10k", NODE, Measure.CPU_PER_DELIVERY, 1.25, FLOORS),
          atMost("latency10k", NODE_REDIS, Measure.CPU_PER_DELIVERY, 1.35, FLOORS),
          atMost("one1k", NODE, Measure.CPU_PER_DELIVERY, 1.3, FLOORS),
          atMost("one1k", NODE_REDIS, Measure.CPU_PER_DELIVERY, 1.35, FLOORS),
          atMost("burst1k", NODE, Measure.CPU_PER_DELIVERY, 1.6, FLOORS),
          atMost("burst1k", NODE_REDIS, Measure.CPU_PER_DELIVERY, 1.35, FLOORS),
          atLeast("burst1k", NODE, Measure.DELIVERIES_PER_SECOND, 15, new Times("nchan")),
          atMost("topics10k", NODE, Measure.TOPICS_FACTOR, 1.5, ITSELF),
          atMost("topics10k", NODE_REDIS, Measure.TOPICS_FACTOR, 1.5, ITSELF),
          atLeast("publish", NODE, Measure.PUBLISHES_PER_SECOND, 0.4, new Times("nchan")),
          atMost("publish", NODE_REDIS, Measure.CPU_PER_PUBLISH, 25, ITSELF),
          atMost("publish16", NODE_REDIS, Measure.CPU_PER_PUBLISH, 6, ITSELF),
          atMost("resume", NODE, Measure.STORM_FACTOR, 2, ITSELF),
          atMost("resume", NODE_REDIS, Measure.STORM_FACTOR, 2, ITSELF),
          atMost("stalled", NODE, Measure.STALLED_FACTOR, 1.5, ITSELF),
          atMost("stalled", NODE_REDIS, Measure.STALLED_FACTOR, 1.5, ITSELF),
          // A queue of 1 MiB, and as much again for what surrounds it.
          atMost("stalled", NODE, Measure.MEMORY_PER_STALLED, 2, ITSELF),
          atMost("stalled", NODE_REDIS, Measure.MEMORY_PER_STALLED, 2, ITSELF),
          atLeast("stalled", NODE, Measure.GIVEN_UP, 100, ITSELF),
          atLeast("stalled", NODE_REDIS, Measure.GIVEN_UP, 100, ITSELF),
          atMost("connect", NODE, Measure.CPU_PER_CONNECT_WARM, 4, FLOORS),
          atMost("connect", NODE_REDIS, Measure.CPU_PER_CONNECT_WARM, 4, FLOORS),
          atMost("idle10k", NODE, Measure.HEAP_PER_CONNECTION, 2, ITSELF),
          atMost("idle18k", NODE, Measure.HEAP_PER_CONNECTION, 2, ITSELF),
          atMost("idle18k", NODE, Measure.MEMORY_PER_CONNECTION, 5, ITSELF),
          atMost("idle18k", NODE_REDIS, Measure.HEAP_PER_CONNECTION, 2, ITSELF),
          atMost("idle18k", NODE_REDIS, Measure.MEMORY_PER_CONNECTION, 5, ITSELF));

  private Promises() {}

  public static List<Promise> all() {
    return ALL;
  }

  /** Those about one work on one server. */
  public static List<Promise> about(String work, String server) {
    return ALL.stream()
        .filter(promise -> promise.work().equals(work) && promise.server().equals(server))
        .toList();
  }

  private static Promise atMost(
      String work, String server, Measure measure, double bound, Unit unit) {
    return new Promise(work, server, measure, true, bound, unit);
  }

  private static Promise atLeast(
      String work, String server, Measure measure, double bound, Unit unit) {
    return new Promise(work, server, measure, false, bound, unit);
  }
}
