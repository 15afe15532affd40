package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** A kind of server that the benchmark can start. */
public interface ServerUnderTest {
  /** How it is called on the command line and in the report. */
  String name();

  /** What it is, in a few words. */
  String description();

  /** What it can do besides delivering to all. */
  default Set<Ability> abilities() {
    return Set.of();
  }

  /**
   * What alone it is there to show: it takes part in the works that need this, and in no others.
   * Empty for a server that takes part in all that it is able to.
   */
  default Optional<Ability> only() {
    return Optional.empty();
  }

  /** What this machine lacks for it; empty when it can be started. */
  Optional<String> missing(Surroundings surroundings);

  /** Starts it and waits until it listens. */
  RunningServer start(Surroundings surroundings) throws IOException;
}
