package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.List;

/** What a judge found in one step. Filled by one thread. */
final class Verdict {
  private static final int STORIES = 5;

  /** Acknowledged messages that a client lacks without excuse. */
  int lost;

  /** Messages that a client got more than once without excuse. */
  int duplicated;

  /** Messages that came after one they precede. */
  int reordered;

  /** Messages that nobody published, that were refused, or that were not for that client. */
  int ghosts;

  /** Resets that nothing explains. */
  int needlessResets;

  /** Resets that were missing: Redis lost something that the client had seen or lacks. */
  int missingResets;

  /** Clients that ended for good, as an EventSource would. */
  int givenUp;

  /** Resets that the fault explains. */
  int resets;

  /** Messages that were acknowledged. */
  int acknowledged;

  /** Messages that were acknowledged and that Redis lost. */
  int gone;

  /** Messages that came, over all clients. */
  long deliveries;

  private final List<String> stories = new ArrayList<>();

  boolean clean() {
    return lost + duplicated + reordered + ghosts + needlessResets + missingResets + givenUp == 0;
  }

  /** Keeps the first few. */
  void tell(String story) {
    if (stories.size() < STORIES) {
      stories.add(story);
    }
  }

  List<String> stories() {
    return stories;
  }

  @Override
  public String toString() {
    return String.format(
        "lost %d, duplicated %d, reordered %d, ghosts %d, needless resets %d, missing resets %d,"
            + " given up %d, of %d acknowledged (%d gone from Redis), %d deliveries",
        lost,
        duplicated,
        reordered,
        ghosts,
        needlessResets,
        missingResets,
        givenUp,
        acknowledged,
        gone,
        deliveries);
  }
}
