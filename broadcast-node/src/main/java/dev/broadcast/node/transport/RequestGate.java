package dev.broadcast.node.transport;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;

/**
 * Lets one request at a time in on an HTTP/1.x connection, and the next one only once its client
 * has read most of the answers so far. Vert.x answers whatever was asked in one breath: of requests
 * of 60 bytes for a history, a megabyte of them sent by somebody who reads nothing made gigabytes
 * of answers in memory. What was read beyond waits here, and nothing more is read meanwhile.
 *
 * <p>Sits behind the codec. Only on the connection's event loop.
 */
final class RequestGate extends ChannelDuplexHandler {
  /** Of what one look at the socket may bring: a part of what Netty's 16 may. */
  private static final int READS = 1;

  private final ArrayDeque<Object> held = new ArrayDeque<>(0);
  private boolean answering;
  private boolean interim;
  private boolean readHeld;
  private boolean releasing;
  private boolean stopped;
  private boolean ended;
  private boolean dropping;

  /** Whether more was asked than was let in. */
  boolean isHolding() {
    return !held.isEmpty();
  }

  @Override
  @SuppressWarnings("deprecation") // of this channel alone, whatever allocator it was given
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.channel().config().setMaxMessagesPerRead(READS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (dropping) {
      ReferenceCountUtil.release(message);
    } else if (!held.isEmpty() || (message instanceof HttpRequest && isClosed(ctx))) {
      held.add(message);
      stopReading(ctx);
    } else {
      pass(ctx, message);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ended |= isEnd(event);
    if (isEnd(event) && !held.isEmpty()) {
      held.add(event); // It came behind what is held.
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (held.isEmpty()) {
      ctx.read();
    } else {
      readHeld = true;
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }
    if (message instanceof LastHttpContent && !interim) {
      answering = false;
      releaseLater(ctx);
    }
    var unused = ctx.write(message, promise);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    releaseLater(ctx);
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    forget();
    ctx.fireChannelInactive();
  }

  /** A stream has the connection: what stands behind its request is never answered. */
  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    forgetAndReadOn(ctx);
  }

  /** The same, where the stream leaves as an ordinary answer and the gate stays. */
  void dropTheRest(ChannelHandlerContext ctx) {
    dropping = true;
    forgetAndReadOn(ctx);
  }

  private void forgetAndReadOn(ChannelHandlerContext ctx) {
    boolean endHeld = held.stream().anyMatch(RequestGate::isEnd);
    forget();
    if (endHeld) {
      ctx.channel()
          .eventLoop()
          .execute(
              () -> {
                var unused = ctx.channel().close();
              });
    } else if (ctx.channel().isActive()) {
      readAgain(ctx);
    }
  }

  /**
   * Holding reads back is not enough: with auto-read on, a socket that has something is read all
   * the same.
   */
  private void stopReading(ChannelHandlerContext ctx) {
    if (ctx.channel().config().isAutoRead()) {
      stopped = true;
      ctx.channel().config().setAutoRead(false);
    }
  }

  /** Not behind the end of the client's side: there is nothing, and epoll fails on it. */
  private void readAgain(ChannelHandlerContext ctx) {
    if (ended) {
      return;
    }
    if (stopped) {
      stopped = false;
      ctx.channel().config().setAutoRead(true);
    }
    if (readHeld) {
      readHeld = false;
      ctx.read();
    }
  }

  /** Of the client's side. */
  private static boolean isEnd(Object event) {
    return event instanceof ChannelInputShutdownEvent
        || event instanceof ChannelInputShutdownReadComplete;
  }

  private boolean isClosed(ChannelHandlerContext ctx) {
    return answering || !ctx.channel().isWritable();
  }

  private void pass(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest) {
      answering = true;
    }
    ctx.fireChannelRead(message);
  }

  /** In a turn of its own: an answer may be written while its request is still being read. */
  private void releaseLater(ChannelHandlerContext ctx) {
    if (!held.isEmpty() && !releasing) {
      releasing = true;
      ctx.executor().execute(() -> release(ctx));
    }
  }

  private void release(ChannelHandlerContext ctx) {
    releasing = false;
    boolean read = false;
    while (!held.isEmpty() && !(held.peek() instanceof HttpRequest && isClosed(ctx))) {
      Object next = held.remove();
      if (isEnd(next)) {
        ctx.fireUserEventTriggered(next);
      } else {
        read = true;
        pass(ctx, next);
      }
    }
    if (read) {
      ctx.fireChannelReadComplete();
    }
    if (held.isEmpty()) {
      readAgain(ctx);
    }
  }

  private void forget() {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
  }
}
