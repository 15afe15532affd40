package dev.broadcast.loadtest.work;

import java.util.List;
import java.util.Optional;

/** All works that the benchmark knows, in the order in which a report shows them. */
public final class Works {
  /** Lets a server compile what is hot. Not measured. */
  public static final Work WARM_UP = new FanOut("warm-up", 200, 16, 0, 4, 64);

  /**
   * The same for messages that come one at a time: a burst makes few of the steps hot that a quiet
   * server takes for each, and opens few streams.
   */
  static final Work QUIET_WARM_UP = new FanOut("warm-up", 1_000, 1, 20, 4, 64);

  private static final List<Work> ALL =
      List.of(
          new FanOut("start", 200, 16, 0, 1, 4, 64, Work.Start.COLD),
          new FanOut("latency1k", 1_000, 1, 20, 6, 64),
          new FanOut("latency10k", 10_000, 1, 2, 6, 64),
          new FanOut("one1k", 1_000, 1, 0, 5, 64),
          new FanOut("burst1k", 1_000, 64, 0, 5, 64),
          new FanOut("large1k", 1_000, 1, 10, 6, 16 * 1024),
          new ManyTopics("topics10k", 10_000, 1_000, 100, 10),
          new FanOut("publish", 1, 64, 0, 5, 64),
          new FanOut("publish16", 1, 64, 0, 16, 5, 64, Work.Start.WARM),
          new Spread("spread", 64, 64, 1, 5),
          new Spread("spread16", 64, 64, 16, 5),
          new ResumeStorm("resume", 200, 5_000, 500, 10, 5),
          new StalledClients("stalled", 2_000, 100, 20, 1024, 36),
          new ConnectStorm("connect", 50_000, 1_000, 2_000, 10_000),
          new IdleStreams("idle10k", 10_000),
          new IdleStreams("idle18k", 18_000));

  private Works() {}

  public static List<Work> all() {
    return ALL;
  }

  /** The work of that name. */
  public static Optional<Work> named(String name) {
    return ALL.stream().filter(work -> work.name().equals(name)).findFirst();
  }
}
