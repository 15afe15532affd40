package dev.broadcast.loadtest.work;

import static dev.broadcast.loadtest.work.Measure.CONNECTS_PER_SECOND;
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
 * Streams are opened and closed, wave after wave, on a server that was just started.
 *
 * @param connects how many in all
 * @param wave how many are open at once
 * @param cold the first so many are told apart
 * @param warm the last so many are
 */
record ConnectStorm(String name, int connects, int wave, int cold, int warm) implements Work {
  // Until the server has seen the last close, which is part of what a connect costs.
  private static final Duration SETTLE = Duration.ofMillis(300);

  @Override
  public Start start() {
    return Start.COLD;
  }

  @Override
  public List<Measure> measures() {
    return List.of(CPU_PER_CONNECT_COLD, CPU_PER_CONNECT_WARM, CONNECTS_PER_SECOND);
  }

  @Override
  public Outcome run(RunningServer server, Consumer<String> progress) throws IOException {
    try (HeldStreams streams = new HeldStreams(server.address(), FanOut.PATH)) {
      long started = server.usage().cpuNanos();
      waves(streams, cold, 0, progress);
      long afterCold = server.usage().cpuNanos();
      waves(streams, connects - cold - warm, cold, progress);
      long beforeWarm = server.usage().cpuNanos();
      long warmAt = System.nanoTime();
      waves(streams, warm, connects - warm, progress);
      double warmSeconds = (System.nanoTime() - warmAt - SETTLE.toNanos()) / 1e9;
      long end = server.usage().cpuNanos();
      return Outcome.of(
          Map.of(
              CPU_PER_CONNECT_COLD,
              (afterCold - started) / 1e3 / cold,
              CPU_PER_CONNECT_WARM,
              (end - beforeWarm) / 1e3 / warm,
              CONNECTS_PER_SECOND,
              warm / warmSeconds),
          streams.ended() == 0
              ? List.of()
              : List.of(streams.ended() + " streams ended by the server"));
    }
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
        + ", warm: the last "
        + Words.number(warm);
  }
}
