package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A close-delimited HTTP/1.1 body on a channel taken from the HTTP server: the channel's last
 * handler and the only object per stream besides Netty's own. Only on its event loop.
 *
 * <p>On native epoll without TLS bytes go straight from the shared buffer into send(2): no promise,
 * no outbound buffer, nothing allocated. What the socket does not take goes through the channel, a
 * {@linkplain #CHUNK chunk} at a time: its end is the news that bytes left, and TLS encrypts no
 * more than that for a client that does not read.
 */
final class DetachedHttp1Transport extends ChannelInboundHandlerAdapter
    implements StreamTransport, ChannelFutureListener {
  /** Small enough that a slow reader finishes one within any write timeout. */
  private static final int CHUNK = 32 << 10;

  /** What a client may send behind its request, ignored; beyond it is closed. */
  private static final int MAX_IGNORED = 1 << 20;

  private final Channel channel;
  private final Listener listener;

  /** The response's head until it leaves. */
  private byte @Nullable [] head;

  /** For send(2); null where bytes must go through the channel. */
  private @Nullable Socket socket;

  /** Retained: what has not been handed to the channel. Null when all has left. */
  private @Nullable ByteBuf rest;

  private int inFlight;
  private int ignored;
  private boolean ending;
  private boolean closed;
  private long lastProgress;

  DetachedHttp1Transport(Channel channel, Listener listener) {
    this.channel = channel;
    this.listener = listener;
  }

  /**
   * Starts, as the channel's handler, with the response's head, which leaves at {@link #begin} or
   * {@link #flush}: a client is answered with one send(2), not two. Not in {@link #write}, whose
   * compiled form it would make ten times as large (docs/decisions/0004).
   */
  void start(byte[] responseHead) {
    if (!channel.isActive()) {
      channel.eventLoop().execute(this::closed);
      return;
    }
    findSocket();
    head = responseHead;
  }

  @Override
  public void flush() {
    if (head != null) {
      begin(Unpooled.EMPTY_BUFFER);
    }
  }

  /** The head and the first bytes in one piece. */
  @Override
  public void begin(ByteBuf bytes) {
    byte[] unsent = head;
    head = null;
    if (unsent == null || !channel.isActive()) {
      write(bytes);
      return;
    }
    ByteBuf all = channel.alloc().directBuffer(unsent.length + bytes.readableBytes());
    all.writeBytes(unsent);
    all.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    ChannelOutboundBuffer earlier = channel.unsafe().outboundBuffer();
    if (earlier == null || earlier.totalPendingWriteBytes() == 0) {
      write(all);
      all.release();
    } else {
      // An earlier response of this connection waits in the channel: behind it.
      enqueue(all);
    }
  }

  private void findSocket() {
    // A lingering close happens on another thread: between our look at the channel and send(2) the
    // descriptor could be another client's.
    if (channel instanceof EpollSocketChannel epoll
        && !VertxChannels.changesBytes(epoll.pipeline())
        && epoll.config().getSoLinger() <= 0
        && epoll.fd() instanceof Socket direct) {
      socket = direct;
    }
  }

  /** Whether bytes go straight into the socket. */
  boolean isDirect() {
    return socket != null;
  }

  @Override
  public void write(ByteBuf bytes) {
    assert channel.eventLoop().inEventLoop();
    assert drained() && !ending : "write while not drained or after the end";
    assert head == null : "write before begin or flush";
    if (!channel.isActive()) {
      return;
    }
    int from = bytes.readerIndex();
    int length = bytes.readableBytes();
    int sent = send(bytes, from, length);
    if (sent < length && sent >= 0) {
      enqueue(bytes.retainedSlice(from + sent, length - sent));
    }
  }

  /** How much the socket took at once; -1 if it is broken, and being closed. */
  private int send(ByteBuf bytes, int from, int length) {
    if (length == 0 || socket == null || !bytes.hasMemoryAddress()) {
      return 0;
    }
    try {
      return socket.sendAddress(bytes.memoryAddress(), from, from + length);
    } catch (IOException gone) {
      abort();
      return -1;
    }
  }

  private void enqueue(ByteBuf bytes) {
    rest = bytes;
    lastProgress = System.nanoTime();
    pump(bytes);
  }

  private void pump(ByteBuf bytes) {
    while (bytes.isReadable()) {
      int length = Math.min(bytes.readableBytes(), CHUNK);
      ChannelFuture left = channel.writeAndFlush(bytes.readRetainedSlice(length));
      if (!left.isDone()) {
        inFlight = length;
        left.addListener(this);
        return;
      }
      if (!left.isSuccess()) {
        abort();
        return;
      }
      lastProgress = System.nanoTime();
    }
    letGo();
  }

  /** A chunk has left, or never will. */
  @Override
  public void operationComplete(ChannelFuture left) {
    inFlight = 0;
    ByteBuf bytes = rest;
    if (bytes == null) {
      return;
    }
    if (!left.isSuccess()) {
      abort();
      return;
    }
    lastProgress = System.nanoTime();
    int sent = send(bytes, bytes.readerIndex(), bytes.readableBytes());
    if (sent < 0) {
      return;
    }
    bytes.skipBytes(sent);
    pump(bytes);
    if (!drained() || closed) {
      return;
    }
    if (ending) {
      Sockets.close(channel);
    } else {
      listener.onDrained();
    }
  }

  @Override
  public boolean drained() {
    return rest == null && inFlight == 0;
  }

  @Override
  public long lastProgress() {
    return drained() ? System.nanoTime() : lastProgress;
  }

  @Override
  public long pending() {
    ByteBuf bytes = rest;
    return (long) inFlight + (bytes == null ? 0 : bytes.readableBytes());
  }

  @Override
  public void end() {
    assert channel.eventLoop().inEventLoop();
    flush();
    ending = true;
    if (drained()) {
      Sockets.close(channel);
    }
  }

  @Override
  public void abort() {
    assert channel.eventLoop().inEventLoop();
    letGo();
    Sockets.reset(channel);
  }

  private void letGo() {
    ByteBuf bytes = rest;
    rest = null;
    if (bytes != null) {
      bytes.release();
    }
  }

  private void closed() {
    if (!closed) {
      closed = true;
      letGo();
      listener.onClosed();
    }
  }

  // What the channel tells. A read EOF closes it (Netty's half-closure is off), as in other
  // servers.

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      ignored += bytes.readableBytes();
    }
    ReferenceCountUtil.release(message);
    if (ignored > MAX_IGNORED) {
      abort();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      Sockets.close(channel);
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    abort();
  }
}
