package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A body as an ordinary Vert.x response: HTTP/2, and HTTP/1.1 (chunked) where the channel cannot be
 * had. Only on its event loop.
 *
 * <p>Vert.x gets a {@linkplain #CHUNK chunk} at a time and the next one when that has left: so its
 * queues hold one chunk of a client that does not read, and an end of a chunk is progress. What
 * HTTP/2 can do better is {@link Http2Transport}'s.
 */
class ResponseTransport implements StreamTransport, Handler<AsyncResult<Void>> {
  /** HTTP/2's default frame. */
  static final int CHUNK = 16 << 10;

  /** HTTP/2's CANCEL (RFC 9113 section 7). */
  private static final long CANCEL = 8;

  /** How long an abort may wait behind the connection's other bytes before that is dead, too. */
  private static final long RESET_SECONDS = 5;

  private final HttpServerResponse response;
  private final Context context;
  private final @Nullable Channel channel;
  private final boolean multiplexed;
  final Listener listener;

  /** Retained, until all of it has left or never will. */
  private @Nullable ByteBuf rest;

  private int inFlight;
  private @Nullable Future<Void> ended;
  private boolean ending;
  private boolean aborted;
  private boolean closed;
  private long lastProgress;

  ResponseTransport(
      HttpServerRequest request, Context context, @Nullable Channel channel, Listener listener) {
    this.response = request.response();
    this.context = context;
    this.channel = channel;
    this.multiplexed = request.version() == HttpVersion.HTTP_2;
    this.listener = listener;
  }

  void start() {
    if (response.closed()) {
      closeLater();
      return;
    }
    response.exceptionHandler(gone -> closeLater());
    response.closeHandler(gone -> closeLater());
    if (multiplexed) {
      response.writeHead();
    } else {
      if (channel != null) {
        IncomingWatch.streams(channel);
      }
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      // writeHead() would send chunks to an HTTP/1.0 client.
      response.write(Buffer.buffer());
    }
  }

  @Override
  public void write(ByteBuf bytes) {
    assert drained() && !ending : "write while not drained or after the end";
    if (over()) {
      return;
    }
    ByteBuf all = bytes.retainedSlice();
    rest = all;
    lastProgress = System.nanoTime();
    pump(all);
  }

  final boolean over() {
    return closed || response.closed();
  }

  /** Hands on what it can of {@link #rest}. */
  void pump(ByteBuf bytes) {
    while (bytes.isReadable() && !closed) {
      int length = Math.min(bytes.readableBytes(), CHUNK);
      // Vert.x wraps what is not its own so that nobody releases it: the retain in "rest" is the
      // only one.
      Future<Void> left = response.write(BufferInternal.buffer(bytes.readSlice(length)));
      inFlight = length;
      if (!left.isComplete()) {
        left.onComplete(this);
        return;
      }
      inFlight = 0;
      lastProgress = System.nanoTime();
      if (left.failed()) {
        break;
      }
    }
    letGo();
  }

  /** A chunk has left, or never will. */
  @Override
  public void handle(AsyncResult<Void> left) {
    inFlight = 0;
    ByteBuf bytes = rest;
    if (bytes == null) {
      return;
    }
    if (closed || left.failed()) {
      letGo();
      return;
    }
    progress();
    goOn();
  }

  /** More of what waits may leave; tells the listener if that was all. */
  final void goOn() {
    ByteBuf bytes = rest;
    if (bytes == null) {
      return;
    }
    pump(bytes);
    if (!drained() || closed) {
      return;
    }
    if (ending) {
      finish();
    } else {
      listener.onDrained();
    }
  }

  /** Bytes left. */
  final void progress() {
    lastProgress = System.nanoTime();
  }

  @Override
  public final boolean drained() {
    return rest == null;
  }

  @Override
  public long lastProgress() {
    return drained() ? System.nanoTime() : lastProgress;
  }

  @Override
  public long pending() {
    ByteBuf bytes = rest;
    return bytes == null ? 0 : (long) inFlight + bytes.readableBytes();
  }

  @Override
  public void end() {
    if (!ending) {
      ending = true;
      if (drained()) {
        finish();
      }
    }
  }

  private void finish() {
    if (!closed && !response.closed()) {
      // The connection may live on, and its close handler be silent: on HTTP/2, or to a client that
      // sends on.
      ended = response.end().onComplete(done -> closeLater());
    }
  }

  @Override
  public void abort() {
    if (closed || aborted) {
      return;
    }
    aborted = true;
    Channel connection = channel;
    if (!multiplexed && connection != null) {
      Sockets.reset(connection);
    } else {
      Future<Void> left = ended != null ? ended : response.reset(CANCEL);
      if (multiplexed && connection != null) {
        // A socket that takes nothing keeps the reset back, too: the connection is dead with all on
        // it.
        ScheduledFuture<?> overdue =
            connection
                .eventLoop()
                .schedule(() -> Sockets.reset(connection), RESET_SECONDS, TimeUnit.SECONDS);
        left.onSuccess(done -> overdue.cancel(false));
      }
    }
    closeLater();
  }

  final void letGo() {
    ByteBuf bytes = rest;
    rest = null;
    if (bytes != null) {
      bytes.release();
    }
  }

  private void closeLater() {
    context.runOnContext(now -> closed());
  }

  void closed() {
    if (!closed) {
      closed = true;
      if (inFlight == 0) {
        letGo();
      }
      listener.onClosed();
    }
  }
}
