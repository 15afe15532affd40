package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of an accepted connection, until it is known what the client speaks: 408 if
 * that takes longer than a head may. Who comes with many others waits for its turn ({@link
 * Arrivals}): what it sent stands here, and no more is read from it.
 *
 * <p>It lets bytes through one by one until Vert.x has decided between HTTP/1.1 and HTTP/2, usually
 * the first one, so that {@link IncomingWatch} is there before a request is. (Vert.x tells of a
 * connection with its first head, or with the first frame.)
 */
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
  private final IncomingLimits limits;
  private final Arrivals arrivals;
  private final List<Object> kept = new ArrayList<>(1);
  private @Nullable Future<?> alarm;
  private boolean arrived;
  private boolean halfClosureAllowed;

  ConnectionGuard(IncomingLimits limits, Arrivals arrivals) {
    this.limits = limits;
    this.arrivals = arrivals;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    arm(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    disarm();
    kept.forEach(ReferenceCountUtil::release);
    kept.clear();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disarm();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (arrived) {
      pass(ctx, message);
      return;
    }
    kept.add(message);
    if (kept.size() == 1) {
      await(ctx);
    }
  }

  /** Its time for a head does not run while it is the node that lets it wait. */
  private void await(ChannelHandlerContext ctx) {
    disarm();
    // Else Netty closes on a client that has ended its side behind its request.
    halfClosureAllowed = isHalfClosureAllowed(ctx);
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    boolean soon = arrivals.of(ctx.channel().eventLoop()).await(() -> goOn(ctx));
    if (!soon) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (kept.isEmpty()) {
      ctx.fireUserEventTriggered(event);
    } else {
      kept.add(event);
    }
  }

  private void goOn(ChannelHandlerContext ctx) {
    arrived = true;
    if (kept.isEmpty()) {
      return; // it has gone
    }
    List<Object> inOrder = List.copyOf(kept);
    kept.clear();
    arm(ctx);
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosureAllowed);
    ctx.channel().config().setAutoRead(true);
    for (Object next : inOrder) {
      if (next instanceof ChannelInputShutdownEvent) {
        inputEnded(ctx);
      } else if (!(next instanceof ByteBuf)) {
        ctx.fireUserEventTriggered(next);
      } else if (ctx.isRemoved()) {
        ctx.fireChannelRead(next);
      } else {
        pass(ctx, next);
      }
    }
    ctx.fireChannelReadComplete();
  }

  private static void inputEnded(ChannelHandlerContext ctx) {
    if (isHalfClosureAllowed(ctx)) {
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    } else {
      var unused = ctx.channel().close();
    }
  }

  private static boolean isHalfClosureAllowed(ChannelHandlerContext ctx) {
    return Boolean.TRUE.equals(ctx.channel().config().getOption(ChannelOption.ALLOW_HALF_CLOSURE));
  }

  private void pass(ChannelHandlerContext ctx, Object message) {
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

  private void arm(ChannelHandlerContext ctx) {
    alarm =
        ctx.executor().schedule(() -> expire(ctx), limits.head().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
