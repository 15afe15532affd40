package dev.broadcast.loadtest.work;

import static dev.broadcast.loadtest.work.Measure.CONNECTS_PER_SECOND;
import static dev.broadcast.loadtest.work.Measure.CPU_PER_CONNECT_BUSY;
import static dev.broadcast.loadtest.work.Measure.CPU_PER_CONNECT_COLD;
import static dev.broadcast.loadtest.work.Measure.CPU_PER_CONNECT_WARM;

import dev.broadcast.loadtest.client.HeldStreams;
import dev.broadcast.loadtest.server.RunningServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Streams are opened and closed, wave after wave, on a server that was just started; and again once
 * it has rested: a JVM compiles what became hot for as long as the waves themselves take.
 *
 * @param connects how many before it rests
 * @param wave how many are open at once
 * @param cold the first so many are told apart
 * @param warm the last so many before the rest are, and as many come after it
 */
record ConnectStorm(String name, int connects, int wave, int cold, int warm) implements Work {
  // Until the server has seen the last close, which is part of what a connect costs.
  private static final Duration SETTLE = Duration.ofMillis(300);

  /** Between two looks at whether it rests: then it has used less than a twentieth of that. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private static final int LOOKS_AT_MOST = 60;

  @Override
  public Start start() {
    return Start.COLD;
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        CPU_PER_CONNECT_COLD, CPU_PER_CONNECT_BUSY, CPU_PER_CONNECT_WARM, CONNECTS_PER_SECOND);
  }

  @Override
  public Outcome run(RunningServer server, Consumer<String> progress) throws IOException {
    try (HeldStreams streams = new HeldStreams(server.address(), FanOut.PATH)) {
      double coldMicros = microsPerConnect(server, streams, cold, 0, progress);
      waves(streams, connects - cold - warm, cold, progress);
      double busyMicros = microsPerConnect(server, streams, warm, connects - warm, progress);
      rest(server, streams);
      progress.accept("rested");
      long warmAt = System.nanoTime();
      double warmMicros = microsPerConnect(server, streams, warm, connects, progress);
      double warmSeconds = (System.nanoTime() - warmAt - SETTLE.toNanos()) / 1e9;
      return Outcome.of(
          Map.of(
              CPU_PER_CONNECT_COLD,
              coldMicros,
              CPU_PER_CONNECT_BUSY,
              busyMicros,
              CPU_PER_CONNECT_WARM,
              warmMicros,
              CONNECTS_PER_SECOND,
              warm / warmSeconds),
          streams.ended() == 0
              ? List.of()
              : List.of(streams.ended() + " streams ended by the server"));
    }
  }

  private static void rest(RunningServer server, HeldStreams streams) throws IOException {
    long used = Long.MAX_VALUE;
    for (int look = 0; look < LOOKS_AT_MOST && used > LOOK.toNanos() / 20; look++) {
      long before = server.usage().cpuNanos();
      streams.hold(LOOK);
      used = server.usage().cpuNanos() - before;
    }
  }

  private double microsPerConnect(
      RunningServer server, HeldStreams streams, int count, int before, Consumer<String> progress)
      throws IOException {
    long started = server.usage().cpuNanos();
    waves(streams, count, before, progress);
    return (server.usage().cpuNanos() - started) / 1e3 / count;
  }

  private void waves(HeldStreams streams, int count, int before, Consumer<String> progress)
      throws IOException {
    for (int done = 0; done < count; done += wave) {
      streams.open(Math.min(wave, count - done));
      streams.closeStreams();
      if ((before + done) % 10_000 < wave) {
        progress.accept(Words.number(before + done) + " connects");
      }
    }
    streams.hold(SETTLE);
  }

  @Override
  public String description() {
    return Words.number(connects)
        + " connects and closes in waves of "
        + Words.number(wave)
        + " on a server just started; cold: the first "
        + Words.number(cold)
        + ", busy: the last "
        + Words.number(warm)
        + ", warm: as many again once it rests";
  }
}
