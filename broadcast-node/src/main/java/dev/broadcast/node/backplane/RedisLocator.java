package dev.broadcast.node.backplane;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Says where the master is that a link belongs to. Asked before every connection, so that nobody
 * goes back to one that was demoted. Only on the hub thread.
 */
interface RedisLocator {
  /**
   * Where the master is now; completes on any thread, exceptionally if that cannot be found out,
   * with a {@link WrongTopologyException} if it never will.
   */
  CompletionStage<RedisAddress> locate();

  /** The master may become another one without a word on our connections. */
  boolean isWatched();

  /**
   * Redis answered that the keys are elsewhere.
   *
   * @param error {@code MOVED SLOT HOST:PORT}
   * @param from who said so
   * @return whether that can be followed
   */
  boolean moved(String error, RedisAddress from);

  /** A server that stays where it is. */
  static RedisLocator fixed(RedisAddress address) {
    return new RedisLocator() {
      @Override
      public CompletionStage<RedisAddress> locate() {
        return CompletableFuture.completedStage(address);
      }

      @Override
      public boolean isWatched() {
        return false;
      }

      @Override
      public boolean moved(String error, RedisAddress from) {
        return false;
      }
    };
  }
}
