package dev.broadcast.node.backplane;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a link's master is: found before every connection, and looked after while there is one, so
 * that a link leaves a master that was demoted, or that its keys have left. Only on the hub thread.
 */
final class MasterWatch {
  /** Between questions whether the master is still the one. */
  private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(500);

  private final HubThread hubThread;
  private final RedisLocator locator;
  private final Supplier<@Nullable RedisAddress> connectedTo;
  private final Consumer<String> leave;
  private boolean looking;
  private long lookedAt = System.nanoTime();

  /**
   * @param connectedTo where scripts run; null while they do not
   * @param leave gives all connections up, for the reason given
   */
  MasterWatch(
      HubThread hubThread,
      RedisLocator locator,
      Supplier<@Nullable RedisAddress> connectedTo,
      Consumer<String> leave) {
    this.hubThread = hubThread;
    this.locator = locator;
    this.connectedTo = connectedTo;
    this.leave = leave;
  }

  /** Where the master is; completes on the hub thread. */
  CompletableFuture<RedisAddress> locate() {
    var result = new CompletableFuture<RedisAddress>();
    locator
        .locate()
        .whenComplete(
            (master, failure) ->
                hubThread.run(
                    () -> {
                      if (failure != null) {
                        result.completeExceptionally(failure);
                      } else {
                        result.complete(master);
                      }
                    }));
    return result;
  }

  /** Whether the error says that the keys are elsewhere, and nobody here can follow them. */
  boolean isBeyondReach(String error, RedisAddress at) {
    return error.startsWith("MOVED") && !locator.moved(error, at);
  }

  /** Goes where Redis says that the keys are. */
  void follow(String error) {
    RedisAddress at = connectedTo.get();
    if (error.startsWith("MOVED") && at != null) {
      if (locator.moved(error, at)) {
        leave.accept("the slot has moved to another master");
      }
    } else if (error.startsWith("CLUSTERDOWN")) {
      look();
    }
  }

  /** Again and again. */
  void tick(long now) {
    if (locator.isWatched() && now - lookedAt > PERIOD) {
      look();
    }
  }

  /** Gives all connections up if the master is another one now. */
  private void look() {
    if (looking) {
      return;
    }
    looking = true;
    lookedAt = System.nanoTime();
    var unused =
        locate()
            .whenComplete(
                (master, failure) -> {
                  looking = false;
                  RedisAddress at = connectedTo.get();
                  if (master != null && at != null && !master.isSameServer(at)) {
                    leave.accept("the master is " + master + " now");
                  }
                });
  }
}
