package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an HTTP/1.x connection whose request head does not arrive in time, however steadily it
 * drips: 408 for the first one, for a later one (where an answer may be under way) the connection
 * just ends. Vert.x has only idle timeouts, which a byte now and then keeps away and which would
 * cut quiet streams.
 *
 * <p>Sits behind the decoder: bytes that came without completing a head show as a read without a
 * message. A connection kept alive with nothing sent is left alone. The handler goes with the
 * others when a stream takes the channel over.
 */
public final class HeadTimeout extends ChannelInboundHandlerAdapter {
  private static final String BODY =
      "{\"type\":\"about:blank\",\"title\":\"Request Timeout\",\"status\":408,"
          + "\"detail\":\"the request head did not arrive in time\",\"field\":\"headers\"}";

  private final Duration limit;
  private @Nullable Future<?> alarm;
  private boolean first = true;
  private boolean inRequest;
  private boolean readSomething;

  private HeadTimeout(Duration limit) {
    this.limit = limit;
  }

  /**
   * Puts it to work: for {@code HttpServer.connectionHandler}. Does nothing for HTTP/2 or where the
   * channel is not what is expected.
   *
   * @param limit how long a head may take, from the connection's start or from its first byte
   */
  public static void install(HttpConnection connection, Duration limit) {
    try {
      if (connection instanceof ConnectionBase base) {
        ChannelPipeline pipeline = base.channel().pipeline();
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        if (decoder != null) {
          pipeline.addAfter(decoder.name(), "headTimeout", new HeadTimeout(limit));
        }
      }
    } catch (LinkageError otherVertx) {
      // Then heads are not timed; HeadTimeoutTest says so.
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    arm(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    disarm();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    readSomething = true;
    if (message instanceof HttpRequest) {
      inRequest = true;
      first = false;
      disarm();
    }
    if (message instanceof LastHttpContent) {
      inRequest = false;
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!readSomething && !inRequest && alarm == null) {
      arm(ctx);
    }
    readSomething = false;
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disarm();
    ctx.fireChannelInactive();
  }

  private void arm(ChannelHandlerContext ctx) {
    alarm = ctx.executor().schedule(() -> expire(ctx), limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private void expire(ChannelHandlerContext ctx) {
    ChannelHandlerContext decoder = ctx.pipeline().context(HttpRequestDecoder.class);
    if (!first || decoder == null) {
      var unused = ctx.channel().close();
      return;
    }
    ByteBuf answer =
        ByteBufUtil.writeAscii(
            ctx.alloc(),
            "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\n"
                + "Cache-Control: no-store\r\nConnection: close\r\nContent-Length: "
                + BODY.length()
                + "\r\n\r\n"
                + BODY);
    // From the decoder's place on, the encoder is not in the way, but TLS is.
    var unused = decoder.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }
}
