package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.util.Optional;

/** A kind of server that the benchmark can start. */
public interface ServerUnderTest {
  /** How it is called on the command line and in the report. */
  String name();

  /** What it is, in a few words. */
  String description();

  /** What this machine lacks for it; empty when it can be started. */
  Optional<String> missing(Surroundings surroundings);

  /** Starts it and waits until it listens. */
  RunningServer start(Surroundings surroundings) throws IOException;
}
