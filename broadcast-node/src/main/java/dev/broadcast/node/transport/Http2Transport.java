package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A body as one stream of an HTTP/2 connection: head and end go through Vert.x' response, what is
 * between straight to Netty's codec, as far as {@link Http2Streams} gives it room. Only on its event
 * loop.
 *
 * <p>Why: a {@code response.write} flushes, so that a message for a hundred streams of a connection
 * is a hundred system calls; and what Vert.x has been given leaves when the stream's window lets
 * it, however little that leaves for the others.
 */
final class Http2Transport extends ResponseTransport {
  private final Http2Streams streams;
  private final Http2Stream stream;
  private boolean waiting;
  private long sent;
  private long credited;
  private int leaving;

  private Http2Transport(
      HttpServerRequest request,
      Context context,
      Channel channel,
      Listener listener,
      Http2Streams streams,
      Http2Stream stream) {
    super(request, context, channel, listener);
    this.streams = streams;
    this.stream = stream;
  }

  /** Null where Netty's codec is not to be found: then the ordinary way is left. */
  static @Nullable Http2Transport of(
      HttpServerRequest request, Channel channel, Listener listener) {
    Http2Streams streams = Http2Streams.of(channel);
    Http2Stream stream = streams == null ? null : streams.find(request.streamId());
    if (streams == null || stream == null) {
      return null;
    }
    Context context = VertxChannels.contextOf(request);
    Http2Transport transport =
        new Http2Transport(request, context, channel, listener, streams, stream);
    streams.add(transport);
    return transport;
  }

  @Override
  public void write(ByteBuf bytes) {
    int length = bytes.readableBytes();
    if (length <= CHUNK && streams.room(this) >= length && !over()) {
      hand(bytes.retainedSlice());
    } else {
      super.write(bytes);
    }
  }

  @Override
  void pump(ByteBuf rest) {
    for (int room = streams.room(this); room > 0 && rest.isReadable(); room = streams.room(this)) {
      hand(rest.readRetainedSlice(Math.min(Math.min(rest.readableBytes(), CHUNK), room)));
      progress();
      if (streams.othersWait()) {
        break; // for the same room, perhaps: one chunk each
      }
    }
    if (!rest.isReadable()) {
      letGo();
    } else if (!waiting) {
      waiting = true;
      streams.await(this);
    }
  }

  private void hand(ByteBuf frame) {
    int length = frame.readableBytes();
    sent += length;
    leaving += length;
    streams.hand(this, frame);
  }

  /** There may be room. */
  void resume() {
    waiting = false;
    goOn();
  }

  boolean waiting() {
    return waiting;
  }

  Http2Stream stream() {
    return stream;
  }

  /** Bytes in Netty's hands. */
  int leaving() {
    return leaving;
  }

  void left(int bytes) {
    leaving -= bytes;
  }

  void credited(int bytes) {
    credited += bytes;
  }

  /** Bytes sent for which the client has not opened the window again. */
  long unacknowledged() {
    return sent - credited;
  }

  /** It keeps the others from being served. */
  void giveWay() {
    listener.onStarving();
    abort();
  }

  @Override
  void closed() {
    streams.remove(this);
    super.closed();
  }
}
