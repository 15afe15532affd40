package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches what arrives on an HTTP/1.x connection, for three things that Vert.x has no setting for.
 *
 * <p>A head that does not arrive in time, however steadily it drips, ends the connection: with 408
 * for the first one; for a later one (an answer may be under way) it just ends. Idle timeouts would
 * be kept away by a byte now and then, and would cut quiet streams. A connection kept alive with
 * nothing sent is left alone.
 *
 * <p>A client that ends its side once it has asked (as {@code nc -N} does) still gets its answer,
 * where Netty's default would close on it; one that does so in the middle of a body has broken off.
 *
 * <p>A version of HTTP that is none of 1.0 and 1.1 is answered with 505.
 *
 * <p>Sits behind the codec: bytes that came without completing a head show as a read without a
 * message. It goes with the other handlers when a stream takes the channel over, and the end of the
 * client's side is then the end of the stream.
 */
public final class IncomingWatch extends ChannelInboundHandlerAdapter {
  /** Longer than any answer takes. */
  private static final long ANSWER_SECONDS = 15;

  private final HttpConnection connection;
  private final Duration limit;
  private @Nullable Future<?> alarm;
  private boolean first = true;
  private boolean inRequest;
  private boolean readSomething;
  private boolean clientEnded;
  private boolean refused;

  private IncomingWatch(HttpConnection connection, Duration limit) {
    this.connection = connection;
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
          pipeline.addAfter(decoder.name(), null, new IncomingWatch(connection, limit));
          base.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
      }
    } catch (LinkageError otherVertx) {
      // Then nothing is watched; BodyReaderTest says so.
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

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    arm(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    disarm();
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
      } else {
        // Closes as soon as nothing is left to answer.
        connection.shutdown(ANSWER_SECONDS, TimeUnit.SECONDS);
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
      if (first && isForeign(request.protocolVersion())) {
        refused = true;
        disarm();
        ReferenceCountUtil.release(message);
        answer(ctx, 505, "HTTP Version Not Supported", "request line", "HTTP/1.1 expected");
        return;
      }
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
    if (!readSomething && !inRequest && !clientEnded && alarm == null) {
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

  /** Vert.x would answer these with an empty 501, or not at all. */
  private static boolean isForeign(HttpVersion version) {
    return !version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0);
  }

  private static void close(ChannelHandlerContext ctx) {
    var unused = ctx.channel().close();
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private void expire(ChannelHandlerContext ctx) {
    if (first) {
      answer(ctx, 408, "Request Timeout", "headers", "the request head did not arrive in time");
    } else {
      close(ctx);
    }
  }

  /** Answers without Vert.x, which knows of no request, and ends the connection. */
  private static void answer(
      ChannelHandlerContext ctx, int status, String title, String field, String detail) {
    String body =
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"field\":\"%s\"}"
            .formatted(title, status, detail, field);
    String head =
        String.join(
            "\r\n",
            "HTTP/1.1 " + status + " " + title,
            "Content-Type: application/problem+json",
            "Cache-Control: no-store",
            "Connection: close",
            "Content-Length: " + body.length(),
            "",
            "");
    ByteBuf bytes = ByteBufUtil.writeAscii(ctx.alloc(), head + body);
    ChannelHandlerContext decoder = ctx.pipeline().context(HttpRequestDecoder.class);
    // From the decoder's place on, the encoder is not in the way, but TLS is.
    var unused =
        (decoder == null ? ctx : decoder)
            .writeAndFlush(bytes)
            .addListener(ChannelFutureListener.CLOSE);
  }
}
