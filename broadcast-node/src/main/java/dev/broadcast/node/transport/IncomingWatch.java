package dev.broadcast.node.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what arrives on an HTTP/1.x connection, for what Vert.x has no setting for.
 *
 * <p>A head that does not arrive in time, however steadily it drips, ends the connection: with 408
 * for the first one; for a later one (an answer may be under way) it just ends. Vert.x' idle
 * timeout would be kept away by a byte now and then, and would cut quiet streams.
 *
 * <p>A connection on which nothing is asked after an answer ends, and so does one on which the body
 * of a request goes on and on that has been answered (refused for its head, usually): nobody else
 * reads that.
 *
 * <p>A client that ends its side once it has asked (as {@code nc -N} does) still gets its answer,
 * where Netty's default would close on it; one that does so in the middle of a body has broken off.
 *
 * <p>An answer that says {@code Connection: close} is the last one (RFC 9112, 9.6): Vert.x closes
 * only where the request had said so.
 *
 * <p>A version of HTTP that is none of 1.0 and 1.1 is answered with 505.
 *
 * <p>Sits behind the codec: bytes that came without completing a head show as a read without a
 * message. It goes with the other handlers when a stream takes the channel over, and the end of the
 * client's side is then the end of the stream.
 */
public final class IncomingWatch extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingWatch.class);
  private static final Handler<Throwable> FAILED =
      failure -> LOG.debug("event=connection_failed reason={}", failure.getMessage());

  /** Longer than any answer takes. */
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private final IncomingLimits limits;
  private final RequestGate gate;
  private @Nullable Future<?> alarm;
  private @Nullable Future<?> idleCheck;
  private long idleSince;
  private int unanswered;
  private long rest;
  private boolean first = true;
  private boolean inRequest;
  private boolean interim;
  private boolean lastAnswer;
  private boolean readSomething;
  private boolean clientEnded;
  private boolean refused;
  private boolean leavesNow;
  private volatile @Nullable ChannelHandlerContext context;

  private IncomingWatch(IncomingLimits limits, RequestGate gate) {
    this.limits = limits;
    this.gate = gate;
  }

  /**
   * Puts it to work, or for HTTP/2 what does there: for {@code HttpServer.connectionHandler}. Does
   * nothing where the channel is not what is expected.
   */
  public static void install(HttpConnection connection, IncomingLimits limits) {
    try {
      if (connection instanceof ConnectionBase base) {
        // Without one Vert.x logs an error and a stack for each client that breaks the protocol.
        connection.exceptionHandler(FAILED);
        Http2Idle.install(base.channel(), limits);
        install(base.channel().pipeline(), limits);
        Http2Goodbye.install(connection, base.channel(), limits.open());
      }
    } catch (LinkageError otherVertx) {
      // Then nothing is watched; BodyReaderTest says so.
    }
  }

  /** Puts it to work on HTTP/1.x, once. */
  static void install(ChannelPipeline pipeline, IncomingLimits limits) {
    ChannelHandlerContext encoder = pipeline.context(HttpResponseEncoder.class);
    if (encoder != null && pipeline.get(IncomingWatch.class) == null) {
      RequestGate gate = new RequestGate();
      pipeline.addAfter(encoder.name(), null, gate);
      pipeline.addAfter(pipeline.context(gate).name(), null, new IncomingWatch(limits, gate));
      pipeline.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
  }

  /** Whether the client has ended its side: for a stream it has left. */
  public static boolean clientEnded(HttpConnection connection) {
    try {
      if (connection instanceof ConnectionBase base) {
        IncomingWatch watch = base.channel().pipeline().get(IncomingWatch.class);
        return watch != null && watch.clientEnded;
      }
    } catch (LinkageError otherVertx) {
      // Then nothing is watched.
    }
    return false;
  }

  /**
   * The answer on this channel is a stream that leaves as an ordinary answer: from now on the end
   * of the client's side is the end of the stream, and whatever else comes is dropped.
   */
  static void streams(Channel channel) {
    ChannelHandlerContext ctx = channel.pipeline().context(IncomingWatch.class);
    if (ctx != null && ctx.handler() instanceof IncomingWatch watch) {
      watch.inRequest = false;
      watch.disarmAll();
      watch.gate.dropTheRest(ctx);
      watch.halfCloseEndsIt(ctx);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    limits.open().opened(this, ctx.channel());
    arm(ctx, limits.head(), () -> headTooSlow(ctx));
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    limits.open().closed(this);
    disarmAll();
    halfCloseEndsIt(ctx);
  }

  private void halfCloseEndsIt(ChannelHandlerContext ctx) {
    ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    if (clientEnded) {
      ctx.channel().eventLoop().execute(() -> close(ctx));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      clientEnded = true;
      disarm();
      if (inRequest) {
        ctx.fireExceptionCaught(new ClosedChannelException());
      } else if (unanswered == 0) {
        close(ctx);
      } else {
        arm(ctx, ANSWER, () -> close(ctx));
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    readSomething = true;
    if (refused) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpRequest request) {
      if (unanswered == 0 && isForeign(request.protocolVersion())) {
        refused = true;
        disarm();
        ReferenceCountUtil.release(message);
        RawAnswer.send(
            beforeCodec(ctx),
            505,
            "HTTP Version Not Supported",
            "request line",
            "HTTP/1.1 expected");
        return;
      }
      if (first) {
        // Obsolete (RFC 9113, 3.1): who can speak HTTP/2 in the clear begins with it.
        request.headers().remove(HttpHeaderNames.UPGRADE);
      }
      if (limits.open().leaving()) {
        limits.open().asked();
      }
      inRequest = true;
      first = false;
      unanswered++;
      disarm();
    } else if (unanswered == 0 && message instanceof HttpContent content) {
      rest += content.content().readableBytes();
      if (rest > limits.maxBody() && !lastAnswer) {
        refused = true;
        ReferenceCountUtil.release(message);
        close(ctx);
        return;
      }
    }
    if (message instanceof LastHttpContent) {
      inRequest = false;
      if (lastAnswer && unanswered == 0) {
        closeBehindAnswer(ctx);
      } else {
        settled(ctx);
      }
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!readSomething && !inRequest && !clientEnded && alarm == null && !gate.isHolding()) {
      arm(ctx, limits.head(), () -> headTooSlow(ctx));
    }
    readSomething = false;
    ctx.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      leaveAfter(response);
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      lastAnswer =
          response
              .headers()
              .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
    }
    if (message instanceof LastHttpContent && !interim) {
      unanswered--;
      rest = 0;
      settled(ctx);
      boolean saidSo = lastAnswer && !(inRequest && unanswered == 0);
      if (saidSo || ((clientEnded || leavesNow) && unanswered == 0)) {
        var unused = ctx.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
        return;
      }
    }
    var unused = ctx.write(message, promise);
  }

  /** While the node leaves, the answer to what was asked last is the last one. */
  private void leaveAfter(HttpResponse response) {
    if (limits.open().leaving()
        && unanswered == 1
        && !gate.isHolding()
        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      leavesNow = true;
    }
  }

  /** Whether there is a request without its answer. */
  CompletableFuture<Boolean> busy() {
    CompletableFuture<Boolean> busy = new CompletableFuture<>();
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      busy.complete(false);
    } else {
      ctx.executor()
          .execute(
              () ->
                  busy.complete(
                      !ctx.isRemoved() && (inRequest || unanswered > 0 || gate.isHolding())));
    }
    return busy;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    limits.open().closed(this);
    disarmAll();
    ctx.fireChannelInactive();
  }

  /** A request is complete, or has its answer. */
  private void settled(ChannelHandlerContext ctx) {
    if (unanswered > 0 || clientEnded) {
      return;
    }
    disarm();
    if (inRequest) {
      arm(ctx, limits.body(), () -> close(ctx));
    } else if (!limits.idle().isZero()) {
      idleSince = System.nanoTime();
      if (idleCheck == null) {
        checkIdleIn(ctx, limits.idle().toNanos());
      }
    }
  }

  /** One timer a connection and period; one a request would cost busy connections. */
  private void checkIdleIn(ChannelHandlerContext ctx, long nanos) {
    idleCheck = ctx.executor().schedule(() -> checkIdle(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void checkIdle(ChannelHandlerContext ctx) {
    idleCheck = null;
    if (unanswered == 0 && !inRequest && alarm == null) {
      long left = idleSince + limits.idle().toNanos() - System.nanoTime();
      if (left <= 0) {
        close(ctx);
      } else {
        checkIdleIn(ctx, left);
      }
    }
  }

  private void arm(ChannelHandlerContext ctx, Duration limit, Runnable expired) {
    alarm = ctx.executor().schedule(expired, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private void disarmAll() {
    disarm();
    if (idleCheck != null) {
      idleCheck.cancel(false);
      idleCheck = null;
    }
  }

  private void headTooSlow(ChannelHandlerContext ctx) {
    if (first) {
      RawAnswer.headTooSlow(beforeCodec(ctx));
    } else {
      close(ctx);
    }
  }

  private static ChannelHandlerContext beforeCodec(ChannelHandlerContext ctx) {
    ChannelHandlerContext decoder = ctx.pipeline().context(HttpRequestDecoder.class);
    return decoder == null ? ctx : decoder;
  }

  /**
   * Vert.x would answer these with an empty 501, or not at all; it knows the two constants alone,
   * while {@code http/1.1}, which is none (RFC 9112, 2.3), equals one.
   */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isForeign(HttpVersion version) {
    return version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0;
  }

  private static void closeBehindAnswer(ChannelHandlerContext ctx) {
    var unused = ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private static void close(ChannelHandlerContext ctx) {
    var unused = ctx.channel().close();
  }
}
