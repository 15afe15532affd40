package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tickets of a cluster: a key each, on the first shard's tag. Made by {@link
 * RedisBackplane#tickets}, whose connections it uses. All state is the hub thread's.
 */
final class RedisTickets implements Tickets {
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final RedisScript PUT = RedisScript.load("ticket-put");
  private static final RedisScript TAKE = RedisScript.load("ticket-take");
  private static final RedisScript SECRET = RedisScript.load("secret");

  private final RedisKeys keys;
  private final RedisLink link;
  private final HubThread hubThread;

  /** What the cluster's secret was last; the one to go on with if Redis has lost it. */
  private String secret = Tokens.secret();

  RedisTickets(RedisKeys keys, RedisLink link, HubThread hubThread) {
    this.keys = keys;
    this.link = link;
    this.hubThread = hubThread;
  }

  @Override
  public CompletableFuture<Void> put(String digest, String grant, Duration life) {
    byte[][] arguments = {bytes(grant), bytes(life.toMillis())};
    return run(PUT, keys.ticket(digest), () -> arguments, reply -> null);
  }

  @Override
  public CompletableFuture<Optional<String>> take(String digest) {
    return run(
        TAKE,
        keys.ticket(digest),
        () -> new byte[0][],
        reply -> reply.isEmpty() ? Optional.empty() : Optional.of(RedisReply.text(reply.get(0))));
  }

  @Override
  public CompletableFuture<String> secret() {
    return run(
        SECRET,
        keys.secret(),
        () -> new byte[][] {bytes(secret)},
        reply -> {
          secret = RedisReply.text(reply.get(0));
          return secret;
        });
  }

  private <T extends @Nullable Object> CompletableFuture<T> run(
      RedisScript script,
      byte[] key,
      Supplier<byte[][]> arguments,
      Function<List<Object>, T> meaning) {
    var result = new CompletableFuture<T>();
    boolean taken =
        hubThread.run(
            () ->
                link.command(
                    script,
                    new byte[][] {key},
                    arguments.get(),
                    (reply, failure) -> {
                      if (reply == null) {
                        result.completeExceptionally(
                            new BackplaneException("Redis did not take part in it"));
                      } else {
                        result.complete(meaning.apply(reply));
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
