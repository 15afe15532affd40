package dev.broadcast.node.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;

/** Ways to end a channel; its handlers are told, so nobody waits for the futures. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Sockets {
  private Sockets() {}

  /** Once what was written has left (TLS says goodbye). */
  static void close(Channel channel) {
    channel.close();
  }

  /** Now. On the channel's event loop. */
  static void reset(Channel channel) {
    try {
      // A TCP reset: else the kernel keeps a full send buffer for a client that may never read it.
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException alreadyClosed) {
      // Then there is nothing to keep.
    }
    // Past all handlers: Vert.x' close waits for its queue, TLS three seconds to say goodbye to a
    // full
    // socket, HTTP/2 thirty for its streams.
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first != null) {
      first.close();
    }
  }
}
