package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts on one key each for whoever asks, from any thread, and gives up after two seconds.
 */
final class RedisCalls {
  private static final Duration WITHIN = Duration.ofSeconds(2);

  private final RedisLink link;
  private final HubThread hubThread;

  RedisCalls(RedisLink link, HubThread hubThread) {
    this.link = link;
    this.hubThread = hubThread;
  }

  /**
   * Runs one.
   *
   * @param arguments asked for on the hub thread
   * @param meaning what the reply stands for
   * @param refusal what the exception says if the script was not run
   */
  <T extends @Nullable Object> CompletableFuture<T> run(
      RedisScript script,
      byte[] key,
      Supplier<byte[][]> arguments,
      Function<List<Object>, T> meaning,
      String refusal) {
    CompletableFuture<T> result =
        hubThread.promise(
            waits ->
                link.command(
                    script,
                    new byte[][] {key},
                    arguments.get(),
                    (reply, failure) -> {
                      if (reply == null) {
                        waits.completeExceptionally(new BackplaneException(refusal));
                      } else {
                        waits.complete(meaning.apply(reply));
                      }
                    }));
    hubThread.later(
        WITHIN,
        () -> result.completeExceptionally(new BackplaneException("Redis did not answer in time")));
    return result;
  }
}
