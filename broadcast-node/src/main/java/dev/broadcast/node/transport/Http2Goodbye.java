package dev.broadcast.node.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells an HTTP/2 client of a node that leaves to ask elsewhere (GOAWAY, RFC 9113 section 6.8), as
 * {@code Connection: close} does with HTTP/1.1: after the last answer. Whatever it has sent by then
 * is still answered.
 *
 * <p>Why not at once: some clients give up all that is open on a connection when they are told (JDK
 * 17's {@code HttpClient}), and would come back all together, without having been told when.
 */
final class Http2Goodbye extends Http2ConnectionAdapter {
  /** The client learns that nothing it has sent is too late. */
  private static final int ALL_STREAMS = Integer.MAX_VALUE;

  private final HttpConnection connection;
  private final ChannelHandlerContext ctx;
  private final Http2ConnectionHandler codec;
  private final OpenRequests open;
  private boolean said;

  private Http2Goodbye(
      HttpConnection connection,
      ChannelHandlerContext ctx,
      Http2ConnectionHandler codec,
      OpenRequests open) {
    this.connection = connection;
    this.ctx = ctx;
    this.codec = codec;
    this.open = open;
  }

  /** Watches a connection, on its event loop, if it is HTTP/2. */
  static void install(HttpConnection connection, Channel channel, OpenRequests open) {
    ChannelHandlerContext ctx = channel.pipeline().context(Http2ConnectionHandler.class);
    if (ctx != null && ctx.handler() instanceof Http2ConnectionHandler codec) {
      Http2Goodbye goodbye = new Http2Goodbye(connection, ctx, codec, open);
      codec.connection().addListener(goodbye);
      open.opened(goodbye);
      channel.closeFuture().addListener(closed -> open.closed(goodbye));
    }
  }

  @Override
  public void onStreamActive(Http2Stream stream) {
    if (open.leaving()) {
      open.asked();
    }
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    if (open.leaving()) {
      whenIdle();
    }
  }

  /** Says it as soon as nothing is under way. Any thread. */
  void whenIdle() {
    Http2Connection streams = codec.connection();
    ctx.executor()
        .execute(
            () -> {
              // Nor to one that is just about to ask first.
              if (streams.numActiveStreams() == 0 && streams.remote().lastStreamCreated() > 0) {
                say();
              }
            });
  }

  /** Says it now. Any thread. */
  void now() {
    ctx.executor().execute(this::say);
  }

  private void say() {
    if (!said) {
      said = true;
      say(ALL_STREAMS);
    }
  }

  private void say(int lastStream) {
    if (!ctx.isRemoved() && ctx.channel().isActive()) {
      long noError = Http2Error.NO_ERROR.code();
      var unused = codec.goAway(ctx, lastStream, noError, Unpooled.EMPTY_BUFFER, ctx.newPromise());
      ctx.flush();
    }
  }

  /** Ends the connection when what has arrived has its answer. Any thread. */
  CompletableFuture<Void> end(Duration within) {
    ctx.executor().execute(() -> say(codec.connection().remote().lastStreamCreated()));
    return connection
        .shutdown(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS)
        .toCompletionStage()
        .toCompletableFuture();
  }

  /** What accepted it, if that is told. */
  @Nullable Channel listener() {
    return ctx.channel().parent();
  }
}
