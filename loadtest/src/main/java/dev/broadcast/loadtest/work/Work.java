package dev.broadcast.loadtest.work;

import dev.broadcast.loadtest.server.Ability;
import dev.broadcast.loadtest.server.RunningServer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What a server is asked to do; the same for every server. */
public interface Work {
  /** In what state a work wants its server. */
  enum Start {
    /** Warmed up, and maybe used by other works before. */
    WARM,
    /** Just started: it is the work that warms it up, and measures how. */
    COLD,
    /** Warmed up, with a heap that has its whole size from the start. */
    FIXED_HEAP
  }

  /** How it is called on the command line and in the report. */
  String name();

  /** In words, as {@code 1,000 connections, 20 messages/s, 64 bytes, 6 s}. */
  String description();

  /** What a server must be able to do for it. */
  default Set<Ability> needs() {
    return Set.of();
  }

  default Start start() {
    return Start.WARM;
  }

  /**
   * What a server does, unmeasured, before this one is measured warm: whatever makes hot what this
   * work uses, one after the other. Their cost of a delivery tells whether the server still gets
   * cheaper.
   */
  default List<Work> warmUps() {
    return List.of(Works.WARM_UP);
  }

  /** What it yields, in the order in which a report shows it. */
  List<Measure> measures();

  /**
   * Does it.
   *
   * @param progress is told now and then what a long work is doing
   * @throws IOException when the server cannot be reached or does not open the streams
   */
  Outcome run(RunningServer server, Consumer<String> progress) throws IOException;

  /** The same for another time, where it has one to choose. */
  default Work lasting(double seconds) {
    return this;
  }
}
