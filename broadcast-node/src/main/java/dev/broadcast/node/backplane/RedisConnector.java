package dev.broadcast.node.backplane;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection open. Not the driver's own reconnecting: that would send commands a second
 * time whose answers were lost, and would not say when a subscription is back. Only on the hub
 * thread.
 */
final class RedisConnector<C extends StatefulConnection<byte[], byte[]>> {
  private static final Duration SHORTEST = Duration.ofMillis(20);

  /** Redis must be found again well within the second that publishing may be away. */
  private static final Duration LONGEST = Duration.ofMillis(200);

  private final HubThread hubThread;
  private final Supplier<CompletionStage<C>> opener;
  private final Listener<C> listener;
  private @Nullable C current;
  private Duration delay = SHORTEST;
  private boolean closed;

  /** Who uses the connection. */
  interface Listener<C> {
    /** A new one is open. */
    void up(C connection);

    /** The one that was open is gone. */
    void down(String reason);

    /** Another attempt to open one failed. */
    void failed(Throwable failure);
  }

  RedisConnector(HubThread hubThread, Supplier<CompletionStage<C>> opener, Listener<C> listener) {
    this.hubThread = hubThread;
    this.opener = opener;
    this.listener = listener;
  }

  @Nullable C current() {
    return current;
  }

  void open() {
    if (closed) {
      return;
    }
    CompletionStage<C> opening;
    try {
      opening = opener.get();
    } catch (RuntimeException e) {
      opened(null, e);
      return;
    }
    opening.whenComplete(
        (connection, failure) -> {
          if (!hubThread.run(() -> opened(connection, failure)) && connection != null) {
            discard(connection);
          }
        });
  }

  /** Gives the connection up and opens another. */
  void cut(String reason) {
    C connection = current;
    if (connection != null) {
      lost(connection, reason);
    }
  }

  /** Opens no more; what is open is closed with the client. */
  void close() {
    closed = true;
    current = null;
  }

  private void opened(@Nullable C connection, @Nullable Throwable failure) {
    if (connection == null) {
      if (failure != null && !closed) {
        listener.failed(failure);
      }
      again();
      return;
    }
    if (closed) {
      discard(connection);
      return;
    }
    current = connection;
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            hubThread.run(() -> lost(connection, "the connection was closed"));
          }
        });
    if (connection.isOpen()) {
      delay = SHORTEST;
      listener.up(connection);
    } else {
      lost(connection, "the connection was closed at once");
    }
  }

  private void lost(C connection, String reason) {
    if (current != connection) {
      return;
    }
    current = null;
    discard(connection);
    listener.down(reason);
    again();
  }

  private void again() {
    if (!closed) {
      // Spread, so that a hundred nodes do not come back in the same millisecond.
      long millis = delay.toMillis();
      Duration spread =
          Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
      Duration doubled = delay.multipliedBy(2);
      delay = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
      hubThread.later(spread, this::open);
    }
  }

  private void discard(C connection) {
    Future<?> unused = connection.closeAsync();
  }
}
