package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The vocabulary of a cluster: a set, on the first shard's tag. Made by {@link
 * RedisBackplane#vocabulary}, whose connections it uses. All state is the hub thread's.
 */
final class RedisVocabulary implements Vocabulary {
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final RedisScript TYPES = RedisScript.load("types");

  private final RedisKeys keys;
  private final RedisLink link;
  private final HubThread hubThread;

  RedisVocabulary(RedisKeys keys, RedisLink link, HubThread hubThread) {
    this.keys = keys;
    this.link = link;
    this.hubThread = hubThread;
  }

  @Override
  public CompletableFuture<Set<String>> with(Set<String> known) {
    var result = new CompletableFuture<Set<String>>();
    byte[][] arguments = known.stream().map(RedisKeys::bytes).toArray(byte[][]::new);
    boolean taken =
        hubThread.run(
            () ->
                link.command(
                    TYPES,
                    new byte[][] {keys.types()},
                    arguments,
                    (reply, failure) -> {
                      if (reply == null) {
                        result.completeExceptionally(
                            new BackplaneException("the registered types cannot be read now"));
                      } else {
                        result.complete(
                            reply.stream().map(RedisReply::text).collect(Collectors.toSet()));
                      }
                    }));
    if (!taken) {
      result.completeExceptionally(new BackplaneException("the node is closed"));
    }
    hubThread.later(
        WITHIN,
        () -> result.completeExceptionally(new BackplaneException("Redis did not answer in time")));
    return result;
  }
}
