package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadLocalRandom;

/** Opens and closes the client's sockets. */
final class Sockets {
  private static final int SMALL_WINDOW = 4096;

  private Sockets() {}

  /** Connects and waits for it. */
  static SocketChannel connect(InetSocketAddress target) throws IOException {
    SocketChannel channel = open(target);
    channel.configureBlocking(true);
    channel.connect(target);
    return channel;
  }

  /** Begins to connect; the selector tells when it is done. */
  static SocketChannel connecting(InetSocketAddress target) throws IOException {
    SocketChannel channel = open(target);
    channel.connect(target);
    return channel;
  }

  /** The same with hardly any room for what is not read. */
  static SocketChannel connectingWithSmallWindow(InetSocketAddress target) throws IOException {
    SocketChannel channel = open(target);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_WINDOW);
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

  /**
   * Not connected yet, and bound to one of this machine's loopback addresses: each has ports of its
   * own, and those that were closed in the last minute cannot be had again.
   */
  private static SocketChannel open(InetSocketAddress target) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    if (target.getAddress().isLoopbackAddress() && target.getAddress().getAddress().length == 4) {
      byte last = (byte) (1 + ThreadLocalRandom.current().nextInt(200));
      channel.bind(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 1, last}), 0));
    }
    return channel;
  }
}
