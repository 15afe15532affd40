package dev.broadcast.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.traffic.AbstractTrafficShapingHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.http.impl.http2.codec.Http1xUpgradeToH2CHandler;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxConnection;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one place that reaches behind Vert.x' public API, written for 5.2.0.
 *
 * <p>Why: an idle stream held as an {@code HttpServerResponse} costs 7.5 to 9 KB of heap, 4 KB of
 * it one queue, and a write runs through that queue, a promise and the chunk encoder. A
 * close-delimited body needs the socket only. Where the inside is not what this class expects it
 * answers null or false, and the stream goes the ordinary way; {@code VertxChannelsTest} says so
 * when that happens.
 */
final class VertxChannels {
  private static final @Nullable Field UNREAD = unreadField();

  private VertxChannels() {}

  /** The Netty channel that carries a request, null if it cannot be reached. */
  static @Nullable Channel of(HttpServerRequest request) {
    try {
      return request.connection() instanceof ConnectionBase connection
          ? connection.channel()
          : null;
    } catch (LinkageError otherVertx) {
      return null;
    }
  }

  /** The context that a request is handled on. */
  static Context contextOf(HttpServerRequest request) {
    try {
      if (request instanceof HttpServerRequestInternal internal) {
        return internal.context();
      }
    } catch (LinkageError otherVertx) {
      // Then the caller must be on it.
    }
    Context current = Vertx.currentContext();
    if (current == null) {
      throw new IllegalStateException("not on the request's context");
    }
    return current;
  }

  /**
   * Replaces all that Vert.x and Netty's HTTP codec have on an HTTP/1.x request's channel by one
   * handler, on its event loop. TLS and traffic shaping stay. Nothing references Vert.x' connection
   * afterwards, so it goes with the garbage; closing the server still closes the channel, which
   * stays in its group.
   *
   * @return whether it is done; if not, nothing has changed
   */
  static boolean handOver(HttpServerRequest request, ChannelHandler successor) {
    try {
      if (!(request.connection() instanceof Http1ServerConnection connection)
          || connection.httpMetrics != null
          || connection.metrics() != null
          || UNREAD == null) {
        // Vert.x' metrics count a request and a connection until their objects end.
        return false;
      }
      Channel channel = connection.channel();
      ChannelPipeline pipeline = channel.pipeline();
      ChannelHandlerContext decoder = pipeline.context(HttpObjectDecoder.class);
      if (decoder == null) {
        return false;
      }
      List<ChannelHandler> old = new ArrayList<>(pipeline.toMap().values());
      // Right behind the decoder, which hands on what it has read beyond the request when it goes.
      pipeline.addAfter(decoder.name(), null, successor);
      remove(pipeline, old);
      releaseUnread(connection);
      // Vert.x stops reading when requests queue up; nobody but the successor can start it again.
      channel.config().setAutoRead(true);
      return true;
    } catch (LinkageError otherVertx) {
      return false;
    }
  }

  /** Whether what stays on a channel that was handed over does anything to bytes on their way. */
  static boolean changesBytes(ChannelPipeline pipeline) {
    return pipeline.get(SslHandler.class) != null
        || pipeline.get(AbstractTrafficShapingHandler.class) != null;
  }

  private static void remove(ChannelPipeline pipeline, List<ChannelHandler> handlers) {
    for (ChannelHandler handler : handlers) {
      boolean stays =
          handler instanceof SslHandler || handler instanceof AbstractTrafficShapingHandler;
      // Both wait down the stack, with a connection's first request, to remove themselves.
      boolean goes =
          handler instanceof Http1xOrH2CHandler || handler instanceof Http1xUpgradeToH2CHandler;
      if (!stays && !goes) {
        pipeline.remove(handler);
      }
    }
  }

  /**
   * Releases what the client sent behind its request (a body, pipelined requests) and Vert.x has
   * put aside: pooled memory that its connection does not release when it is dropped.
   */
  private static void releaseUnread(VertxConnection connection) {
    try {
      if (UNREAD != null && UNREAD.get(connection) instanceof Deque<?> unread) {
        unread.forEach(ReferenceCountUtil::release);
        unread.clear();
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a field made accessible is not", e);
    }
  }

  private static @Nullable Field unreadField() {
    try {
      Field field = VertxConnection.class.getDeclaredField("pending");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError otherVertx) {
      return null;
    }
  }
}
