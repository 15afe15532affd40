package dev.broadcast.loadtest;

import dev.broadcast.loadtest.client.LoadResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One work on one server in one round.
 *
 * @param result what was seen; absent when the run did not come to that
 * @param failure why it did not
 */
public record Run(
    int round, String server, String work, @Nullable LoadResult result, @Nullable String failure) {

  /** Why the run counts for nothing; empty when it counts. */
  public List<String> faults() {
    if (result == null) {
      return List.of("failed: " + failure);
    }
    return result.faults();
  }

  /** Whether its figures may be quoted. */
  public boolean counts() {
    return faults().isEmpty();
  }
}
