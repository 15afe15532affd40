package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Opens and closes the client's sockets. */
final class Sockets {
  private Sockets() {}

  /** Connects and waits for it. */
  static SocketChannel connect(InetSocketAddress target) throws IOException {
    SocketChannel channel = SocketChannel.open(target);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  /** Begins to connect; the selector tells when it is done. */
  static SocketChannel connecting(InetSocketAddress target) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(target);
    return channel;
  }

  static SelectionKey watch(SocketChannel channel, Selector selector, int operations, Peer peer)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, peer);
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is left to be saved on it.
    }
  }
}
