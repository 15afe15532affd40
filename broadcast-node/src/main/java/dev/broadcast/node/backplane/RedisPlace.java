package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which of several servers a node takes this one for. Written down there, so that a node with
 * another list is refused instead of looking for shards where they are not.
 */
final class RedisPlace {
  private static final RedisScript PLACE = RedisScript.load("place");

  private final byte[][] keys;
  private final String expected;

  RedisPlace(String prefix, int number, int servers) {
    this.keys = new byte[][] {RedisKeys.place(prefix)};
    this.expected = "server " + (number + 1) + " of " + servers;
  }

  /**
   * Looks, or writes it down.
   *
   * @param answer on the driver's thread: nothing if it is as expected; {@link
   *     WrongTopologyException} if not; or what kept it from looking
   */
  void check(
      StatefulRedisConnection<byte[], byte[]> connection,
      RedisAddress at,
      Consumer<@Nullable Throwable> answer) {
    PLACE.run(
        connection,
        keys,
        new byte[][] {bytes(expected)},
        (reply, failure) -> {
          if (reply == null) {
            answer.accept(failure == null ? new BackplaneException("no answer") : failure);
            return;
          }
          String found = RedisReply.text(reply.get(0));
          answer.accept(
              found.equals(expected)
                  ? null
                  : new WrongTopologyException(
                      "--redis-url: %s is %s to the other nodes, to this one it is %s; the servers and their order are for good"
                          .formatted(at, found, expected)));
        });
  }
}
