package dev.broadcast.node.backplane;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The vocabulary of a cluster: a set, on the first shard's tag. Made by {@link
 * RedisBackplane#vocabulary}, whose connections it uses. All state is the hub thread's.
 */
final class RedisVocabulary implements Vocabulary {
  private static final RedisScript TYPES = RedisScript.load("types");

  private final RedisKeys keys;
  private final RedisCalls calls;

  RedisVocabulary(RedisKeys keys, RedisCalls calls) {
    this.keys = keys;
    this.calls = calls;
  }

  @Override
  public CompletableFuture<Set<String>> with(Set<String> known) {
    byte[][] arguments = known.stream().map(RedisKeys::bytes).toArray(byte[][]::new);
    return calls.run(
        TYPES,
        keys.types(),
        () -> arguments,
        reply -> reply.stream().map(RedisReply::text).collect(Collectors.toSet()),
        "the registered types cannot be read now");
  }
}
