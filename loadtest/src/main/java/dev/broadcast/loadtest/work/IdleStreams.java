package dev.broadcast.loadtest.work;

import static dev.broadcast.loadtest.work.Measure.HEAP_PER_CONNECTION;
import static dev.broadcast.loadtest.work.Measure.MEMORY_PER_CONNECTION;
import static dev.broadcast.loadtest.work.Measure.OUTSIDE_PER_CONNECTION;

import dev.broadcast.loadtest.client.HeldStreams;
import dev.broadcast.loadtest.server.RunningServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Streams on which nothing is said: what the server's memory grows by.
 *
 * @param connections open streams
 */
record IdleStreams(String name, int connections) implements Work {
  private static final Duration SETTLE = Duration.ofSeconds(2);

  @Override
  public Start start() {
    return Start.FIXED_HEAP;
  }

  @Override
  public List<Measure> measures() {
    return List.of(HEAP_PER_CONNECTION, OUTSIDE_PER_CONNECTION, MEMORY_PER_CONNECTION);
  }

  @Override
  public Outcome run(RunningServer server, Consumer<String> progress) throws IOException {
    try (HeldStreams streams = new HeldStreams(server.address(), FanOut.PATH)) {
      // Memory that the first streams bring and all others share is not theirs.
      streams.open(Math.min(200, connections));
      streams.closeStreams();
      streams.hold(SETTLE);
      OptionalLong heapBefore = server.liveHeapAfterGc();
      long rssBefore = server.usage().rssBytes();
      progress.accept("opening " + Words.count(connections, "stream"));
      streams.open(connections);
      streams.hold(SETTLE);
      OptionalLong heapAfter = server.liveHeapAfterGc();
      long rssAfter = server.usage().rssBytes();
      double heap = (heapAfter.orElse(0) - heapBefore.orElse(0)) / 1024.0 / connections;
      double outside = (rssAfter - rssBefore) / 1024.0 / connections;
      streams.hold(Duration.ofMillis(1));
      return Outcome.of(
          Map.of(
              HEAP_PER_CONNECTION,
              heap,
              OUTSIDE_PER_CONNECTION,
              outside,
              MEMORY_PER_CONNECTION,
              heap + outside),
          streams.ended() == 0
              ? List.of()
              : List.of(streams.ended() + " streams ended by the server"));
    }
  }

  @Override
  public String description() {
    return Words.count(connections, "connection")
        + ", nothing said on them; a Java server's heap has its whole size from the start";
  }
}
