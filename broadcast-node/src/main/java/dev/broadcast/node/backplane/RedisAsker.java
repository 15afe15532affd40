package dev.broadcast.node.backplane;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks sentinels and nodes of a Cluster where masters are, on connections that stay open. Only on
 * the hub thread.
 */
final class RedisAsker {
  private static final long WITHIN_MILLIS = 1_000;

  private final RedisDriver driver;
  private final HubThread hubThread;
  private final Map<RedisAddress, StatefulRedisConnection<byte[], byte[]>> open = new HashMap<>();

  /** What became of a question. */
  interface Answer {
    /** On the hub thread: the one or the other. */
    void take(@Nullable List<Object> reply, @Nullable Throwable failure);
  }

  RedisAsker(RedisDriver driver, HubThread hubThread) {
    this.driver = driver;
    this.hubThread = hubThread;
  }

  /** Asks one server; answered within a second, whatever it does. */
  void ask(RedisAddress server, CommandType command, List<String> words, Answer answer) {
    var unused =
        connection(server)
            .thenCompose(connection -> send(connection, command, words))
            .toCompletableFuture()
            .orTimeout(WITHIN_MILLIS, TimeUnit.MILLISECONDS)
            .whenComplete(
                (reply, failure) ->
                    hubThread.run(
                        () -> {
                          if (failure != null) {
                            forget(server);
                          }
                          answer.take(reply, failure);
                        }));
  }

  private CompletionStage<StatefulRedisConnection<byte[], byte[]>> connection(RedisAddress server) {
    StatefulRedisConnection<byte[], byte[]> there = open.get(server);
    if (there != null && there.isOpen()) {
      return CompletableFuture.completedStage(there);
    }
    return driver
        .connect(server)
        .whenComplete(
            (connection, failure) -> {
              if (connection != null) {
                hubThread.run(() -> keep(server, connection));
              }
            });
  }

  private static CompletionStage<List<Object>> send(
      StatefulRedisConnection<byte[], byte[]> connection, CommandType command, List<String> words) {
    CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    words.forEach(arguments::add);
    return connection
        .async()
        .dispatch(command, new ArrayOutput<>(ByteArrayCodec.INSTANCE), arguments);
  }

  private void keep(RedisAddress server, StatefulRedisConnection<byte[], byte[]> connection) {
    StatefulRedisConnection<byte[], byte[]> earlier = open.put(server, connection);
    if (earlier != null) {
      Future<?> unused = earlier.closeAsync();
    }
  }

  /** An error as answer closes it, too; that is rare. */
  private void forget(RedisAddress server) {
    StatefulRedisConnection<byte[], byte[]> connection = open.remove(server);
    if (connection != null) {
      Future<?> unused = connection.closeAsync();
    }
  }
}
