package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.hub.Hub.Published;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a publish, brought to the event loop that asked. One object and one step: a chain
 * of futures is one tower of calls to the compiler, and it compiled that tower several times, at
 * more than half a second of processor time each, in a node's first seconds.
 */
final class Answer extends CompletableFuture<Published>
    implements BiConsumer<PublishOutcome, @Nullable Throwable>, Runnable {
  private final @Nullable Executor asker;
  private final Supplier<@Nullable Executor> currentLoop;
  private @Nullable PublishOutcome outcome;
  private @Nullable Throwable failure;

  private Answer(Supplier<@Nullable Executor> currentLoop) {
    this.asker = currentLoop.get();
    this.currentLoop = currentLoop;
  }

  /** Completes as {@code outcome} does, on the event loop that the caller is on, if on any. */
  static Answer to(
      CompletableFuture<PublishOutcome> outcome, Supplier<@Nullable Executor> currentLoop) {
    Answer answer = new Answer(currentLoop);
    var unused = outcome.whenComplete(answer);
    return answer;
  }

  /** The outcome came; on whatever thread. */
  @Override
  public void accept(PublishOutcome reached, @Nullable Throwable failed) {
    outcome = reached;
    failure = failed;
    if (asker == null || asker.equals(currentLoop.get())) {
      run();
    } else {
      asker.execute(this);
    }
  }

  /** On the asker's loop. */
  @Override
  public void run() {
    if (outcome != null) {
      complete(new Published(outcome, null));
    } else if (failure != null) {
      completeExceptionally(failure);
    }
  }
}
