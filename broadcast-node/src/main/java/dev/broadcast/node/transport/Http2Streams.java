package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AttributeKey;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one HTTP/2 connection share: its window (RFC 9113 section 5.2), its socket,
 * and one flush for all that is written in a turn of the event loop. Only on that loop.
 *
 * <p>A client that leaves a stream unread opens neither that stream's window again nor, for those
 * bytes, the connection's; with windows of one size, which is the default, a single such stream
 * takes all from the others. Two rules against that:
 *
 * <ul>
 *   <li>A stream is given half of its window and a byte. Not less: many clients open a window again
 *       only after half of it has been read, and would never get there.
 *   <li>That still leaves too little where several streams are unread, or the window of the
 *       connection is small. Then {@link Http2Relief} finds out, and the stream with the least
 *       credit is aborted, which gives its bytes back. One that has used up its half is surely
 *       unread. Where none has, nobody can tell a stream that is not read from one whose client has
 *       not said so yet; then it may be the wrong one, which comes back with its cursor, and the
 *       next one's turn.
 * </ul>
 */
final class Http2Streams extends Http2FrameListenerDecorator implements Runnable {
  private static final AttributeKey<Http2Streams> INSTALLED =
      AttributeKey.valueOf(Http2Streams.class, "installed");

  /**
   * What Netty is given ahead of the socket, so that it holds no more for a client that is stuck.
   */
  private static final int MAX_LEAVING = 128 << 10;

  private final ChannelHandlerContext ctx;
  private final Http2ConnectionHandler codec;
  private final Http2Connection connection;
  private final IntObjectMap<Http2Transport> open = new IntObjectHashMap<>();
  private final Queue<Http2Transport> waiting = new ArrayDeque<>();
  private int leaving;
  private boolean scheduled;
  private final Http2Relief relief;

  private Http2Streams(ChannelHandlerContext ctx, Http2ConnectionHandler codec) {
    super(codec.decoder().frameListener());
    this.ctx = ctx;
    this.codec = codec;
    this.connection = codec.connection();
    this.relief =
        new Http2Relief(ctx, codec.encoder(), this::isStarved, this::isSure, this::giveWay);
  }

  /** The connection's, put to work when asked for first; null if Netty's codec is not there. */
  static @Nullable Http2Streams of(Channel channel) {
    Http2Streams streams = channel.attr(INSTALLED).get();
    if (streams == null) {
      ChannelHandlerContext ctx = channel.pipeline().context(Http2ConnectionHandler.class);
      if (ctx == null
          || !(ctx.handler() instanceof Http2ConnectionHandler codec)
          || codec instanceof Http2FrameCodec // then streams are channels of their own
          || !ctx.executor().inEventLoop()) {
        return null;
      }
      streams = new Http2Streams(ctx, codec);
      codec.decoder().frameListener(streams);
      channel.attr(INSTALLED).set(streams);
    }
    return streams;
  }

  @Nullable Http2Stream find(long id) {
    return id > 0 ? connection.stream((int) id) : null;
  }

  /** How far the client has opened a stream's window before it was added. */
  int extra(Http2Stream stream) {
    return Math.max(0, windows().windowSize(stream) - windows().initialWindowSize());
  }

  void add(Http2Transport transport) {
    open.put(transport.stream().id(), transport);
  }

  void remove(Http2Transport transport) {
    open.remove(transport.stream().id());
    waiting.remove(transport);
  }

  /** How much a stream may send now. */
  int room(Http2Transport transport) {
    int shared = Math.min(MAX_LEAVING, windows().windowSize(connection.connectionStream()));
    return Math.max(0, Math.min(shared - leaving, own(transport)));
  }

  /** How much it might, were it alone. */
  private int own(Http2Transport transport) {
    int window = windows().windowSize(transport.stream()) - transport.leaving();
    return (int) Math.min(window, share(transport) - transport.unacknowledged());
  }

  private long share(Http2Transport transport) {
    return (windows().initialWindowSize() + transport.extra()) / 2 + 1;
  }

  private Http2RemoteFlowController windows() {
    return codec.encoder().flowController();
  }

  /** Sends a frame for which there is room; it leaves at the end of this turn at the latest. */
  void hand(Http2Transport transport, ByteBuf frame) {
    int length = frame.readableBytes();
    leaving += length;
    Part part = new Part(transport, length);
    var unused = codec.encoder().writeData(ctx, transport.stream().id(), frame, 0, false, part);
    if (leaving < MAX_LEAVING) {
      wake();
    } else {
      codec.flush(ctx);
    }
  }

  /** Has a stream {@link Http2Transport#resume} when there is room. */
  void await(Http2Transport transport) {
    waiting.add(transport);
    wake();
  }

  boolean othersWait() {
    return !waiting.isEmpty();
  }

  private void wake() {
    if (!scheduled) {
      scheduled = true;
      // In a turn of its own: whoever is told that there is room must not be in the midst of
      // things.
      ctx.executor().execute(this);
    }
  }

  @Override
  public void run() {
    try {
      serve();
    } finally {
      scheduled = false;
    }
    codec.flush(ctx);
    relief.check();
  }

  /** In turns, a chunk each. */
  private void serve() {
    for (boolean served = true; served && !waiting.isEmpty(); ) {
      served = false;
      for (int i = waiting.size(); i > 0; i--) {
        Http2Transport next = waiting.poll();
        if (next == null) {
          return;
        }
        if (room(next) > 0) {
          next.resume();
          served = true;
        } else {
          waiting.add(next);
        }
      }
    }
  }

  /** A frame until it has left, or never will. */
  private final class Part extends DefaultChannelPromise implements ChannelFutureListener {
    private final Http2Transport transport;
    private final int length;

    Part(Http2Transport transport, int length) {
      super(ctx.channel(), ctx.executor());
      this.transport = transport;
      this.length = length;
      addListener(this);
    }

    @Override
    public void operationComplete(ChannelFuture done) {
      leaving -= length;
      transport.left(length);
      if (!waiting.isEmpty()) {
        wake();
      }
    }
  }

  /** The connection's window is used up, and streams of ours or answers to requests wait for it. */
  private boolean isStarved() {
    return windows().windowSize(connection.connectionStream()) <= 0
        && (connection.numActiveStreams() > open.size()
            || waiting.stream().anyMatch(transport -> own(transport) > 0));
  }

  private boolean isSure() {
    return leastCredited().filter(t -> t.unacknowledged() >= share(t)).isPresent();
  }

  private void giveWay() {
    leastCredited().ifPresent(Http2Transport::giveWay);
  }

  private Optional<Http2Transport> leastCredited() {
    return open.values().stream()
        .filter(transport -> transport.unacknowledged() > 0)
        .max(Comparator.comparingLong(Http2Transport::unacknowledged));
  }

  // What the client tells. The decoder has moved the windows when it calls.

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
    if (!relief.answered(data)) {
      super.onPingAckRead(ctx, data);
    }
  }

  @Override
  public void onWindowUpdateRead(ChannelHandlerContext ctx, int stream, int increment)
      throws Http2Exception {
    super.onWindowUpdateRead(ctx, stream, increment);
    Http2Transport transport = open.get(stream);
    if (transport != null) {
      transport.credited(increment);
    }
    if (!waiting.isEmpty() && (transport == null || transport.waiting())) {
      wake();
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    super.onSettingsRead(ctx, settings);
    wake();
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int stream,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last)
      throws Http2Exception {
    super.onHeadersRead(ctx, stream, headers, dependency, weight, exclusive, padding, last);
    wake();
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int stream, Http2Headers headers, int padding, boolean last)
      throws Http2Exception {
    super.onHeadersRead(ctx, stream, headers, padding, last);
    wake();
  }
}
