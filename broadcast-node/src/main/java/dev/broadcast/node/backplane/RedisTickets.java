package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The tickets of a cluster: a key each, on the first shard's tag. Made by {@link
 * RedisBackplane#tickets}, whose connections it uses. All state is the hub thread's.
 */
final class RedisTickets implements Tickets {
  private static final String REFUSAL = "Redis did not take part in it";
  private static final RedisScript PUT = RedisScript.load("ticket-put");
  private static final RedisScript TAKE = RedisScript.load("ticket-take");
  private static final RedisScript SECRET = RedisScript.load("secret");

  private final RedisKeys keys;
  private final RedisCalls calls;

  /** What the cluster's secret was last; the one to go on with if Redis has lost it. */
  private String secret = Tokens.secret();

  RedisTickets(RedisKeys keys, RedisCalls calls) {
    this.keys = keys;
    this.calls = calls;
  }

  @Override
  public CompletableFuture<Void> put(String digest, String grant, Duration life) {
    byte[][] arguments = {bytes(grant), bytes(life.toMillis())};
    return calls.run(PUT, keys.ticket(digest), () -> arguments, reply -> null, REFUSAL);
  }

  @Override
  public CompletableFuture<Optional<String>> take(String digest) {
    return calls.run(
        TAKE,
        keys.ticket(digest),
        () -> new byte[0][],
        reply -> reply.isEmpty() ? Optional.empty() : Optional.of(RedisReply.text(reply.get(0))),
        REFUSAL);
  }

  @Override
  public CompletableFuture<String> secret() {
    return calls.run(
        SECRET,
        keys.secret(),
        () -> new byte[][] {bytes(secret)},
        reply -> {
          secret = RedisReply.text(reply.get(0));
          return secret;
        },
        REFUSAL);
  }
}
