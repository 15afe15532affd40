package dev.broadcast.loadtest;

import dev.broadcast.loadtest.work.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One work on one server in one round.
 *
 * @param outcome what it came to; absent when the run did not come to that
 * @param failure why it did not
 */
public record Run(
    int round, String server, String work, @Nullable Outcome outcome, @Nullable String failure) {

  /** Why the run counts for nothing; empty when it counts. */
  public List<String> faults() {
    if (outcome == null) {
      return List.of("failed: " + failure);
    }
    return outcome.faults();
  }

  /** Whether its figures may be quoted. */
  public boolean counts() {
    return faults().isEmpty();
  }
}
