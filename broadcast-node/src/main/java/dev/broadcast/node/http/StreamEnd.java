package dev.broadcast.node.http;

import dev.broadcast.node.hub.CloseReason;
import dev.broadcast.node.hub.Hub;
import dev.broadcast.node.transport.StreamTransport;
import dev.broadcast.node.transport.StreamTransport.Listener;
import io.vertx.core.Vertx;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Ends a stream when the token ends with which it was opened. Stands between the stream and its
 * transport, so that a stream that ends sooner leaves no timer behind. Only on its event loop.
 */
final class StreamEnd implements Function<Listener, StreamTransport>, Listener {
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final Function<Listener, StreamTransport> opening;
  private @Nullable Listener listener;
  private long timer = NO_TIMER;
  private boolean closed;

  StreamEnd(Vertx vertx, Function<Listener, StreamTransport> opening) {
    this.vertx = vertx;
    this.opening = opening;
  }

  @Override
  public StreamTransport apply(Listener told) {
    listener = told;
    return opening.apply(this);
  }

  /**
   * Ends it then.
   *
   * @param expires milliseconds since 1970
   */
  void at(long expires, Hub.Stream stream) {
    if (!closed) {
      long left = Math.max(1, expires - System.currentTimeMillis());
      timer = vertx.setTimer(left, now -> stream.end(CloseReason.EXPIRED));
    }
  }

  @Override
  public void onDrained() {
    if (listener != null) {
      listener.onDrained();
    }
  }

  @Override
  public void onStarving() {
    if (listener != null) {
      listener.onStarving();
    }
  }

  @Override
  public void onClosed() {
    closed = true;
    if (timer != NO_TIMER) {
      vertx.cancelTimer(timer);
    }
    if (listener != null) {
      listener.onClosed();
    }
  }
}
