package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of an accepted connection, until it is known what the client speaks: 408 if
 * that takes longer than a head may.
 *
 * <p>It lets bytes through one by one until Vert.x has decided between HTTP/1.1 and HTTP/2, usually
 * the first one, so that {@link IncomingWatch} is there before a request is. (Vert.x tells of a
 * connection with its first head, or with the first frame.)
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
  private final IncomingLimits limits;
  private @Nullable Future<?> alarm;

  ConnectionGuard(IncomingLimits limits) {
    this.limits = limits;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    alarm =
        ctx.executor().schedule(() -> expire(ctx), limits.head().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    disarm();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disarm();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ChannelPipeline pipeline = ctx.pipeline();
    if (message instanceof ByteBuf bytes) {
      while (isUndecided(pipeline) && bytes.isReadable()) {
        ctx.fireChannelRead(bytes.readRetainedSlice(1));
      }
      if (isUndecided(pipeline)) {
        bytes.release();
        return;
      }
    }
    IncomingWatch.install(pipeline, limits);
    Http2Idle.install(ctx.channel(), limits);
    pipeline.remove(this);
    ctx.fireChannelRead(message);
  }

  private static boolean isUndecided(ChannelPipeline pipeline) {
    return pipeline.get(Http1xOrH2CHandler.class) != null;
  }

  private static void expire(ChannelHandlerContext ctx) {
    if (ctx.pipeline().get(SslHandler.class) == null) {
      RawAnswer.headTooSlow(ctx);
    } else {
      var unused = ctx.channel().close();
    }
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
