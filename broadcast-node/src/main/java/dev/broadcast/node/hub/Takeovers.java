package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Ends the stream whose id another one has from now on, on whatever node it is. Any thread. */
final class Takeovers {
  private static final String REPLACED = "replaced ";

  private final Roster roster;
  private final Loops loops;

  Takeovers(Roster roster, Loops loops) {
    this.roster = roster;
    this.loops = loops;
  }

  void everywhere(String connectionId) {
    here(connectionId);
    roster.tell(REPLACED + connectionId);
  }

  /** On the caller's own loop at once: the next stream of that id is coming. */
  void here(String connectionId) {
    Loop current = loops.here();
    for (Loop loop : loops.all()) {
      if (loop == current) {
        on(loop, connectionId);
      } else {
        loop.execute(() -> on(loop, connectionId));
      }
    }
  }

  /** Completes when no stream of this node has an id any more, or after a second all the same. */
  CompletableFuture<Void> gone(String connectionId) {
    return CompletableFuture.allOf(
            loops.all().stream()
                .map(
                    loop -> {
                      CompletableFuture<Void> gone = new CompletableFuture<>();
                      loop.execute(() -> loop.whenGone(connectionId, () -> gone.complete(null)));
                      return gone;
                    })
                .toArray(CompletableFuture<?>[]::new))
        .completeOnTimeout(null, 1, TimeUnit.SECONDS);
  }

  private static void on(Loop loop, String connectionId) {
    Connection connection = loop.find(connectionId);
    if (connection != null) {
      connection.replaced();
    }
  }

  /** Another node says so; false if the text is about something else. */
  boolean told(String text) {
    if (!text.startsWith(REPLACED)) {
      return false;
    }
    here(text.substring(REPLACED.length()));
    return true;
  }
}
