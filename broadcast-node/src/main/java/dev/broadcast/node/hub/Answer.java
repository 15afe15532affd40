package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.hub.Hub.Published;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings what became of a publish to the event loop that asked, always in a turn of its own: from
 * the backplane down to the answer's last byte it would otherwise be one tower of calls, which the
 * compiler compiled anew at every level, at half a second of processor time each, in a node's first
 * seconds.
 */
final class Answer implements BiConsumer<@Nullable PublishOutcome, @Nullable Throwable>, Runnable {
  private final @Nullable Executor asker;
  private final BiConsumer<@Nullable Published, @Nullable Throwable> told;
  private final HubMetrics metrics;
  private @Nullable PublishOutcome outcome;
  private @Nullable Throwable failure;

  /**
   * Nothing known yet.
   *
   * @param asker the loop that asked; null if it was none
   */
  Answer(
      @Nullable Executor asker,
      HubMetrics metrics,
      BiConsumer<@Nullable Published, @Nullable Throwable> told) {
    this.metrics = metrics;
    this.asker = asker;
    this.told = told;
  }

  /** The outcome came; on whatever thread. */
  @Override
  public void accept(@Nullable PublishOutcome reached, @Nullable Throwable failed) {
    metrics.published(reached);
    outcome = reached;
    failure = failed;
    if (asker == null) {
      run();
    } else {
      asker.execute(this);
    }
  }

  /** On the asker's loop. */
  @Override
  public void run() {
    told.accept(outcome == null ? null : new Published(outcome, null), failure);
  }
}
