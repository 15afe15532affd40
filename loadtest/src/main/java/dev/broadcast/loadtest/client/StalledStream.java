package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * A client that opens a stream and then reads nothing, as a phone does that went to sleep. {@link
 * #wake} makes it read again, only to learn whether the server has given it up meanwhile: until
 * then the end waits behind what was not read.
 */
final class StalledStream implements Peer {
  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer request;
  private boolean opened;
  private boolean awake;
  private boolean ended;

  StalledStream(Loop loop, InetSocketAddress target, byte[] request) throws IOException {
    this.channel = Sockets.connectingWithSmallWindow(target);
    this.request = ByteBuffer.wrap(request);
    this.key = Sockets.watch(channel, loop.selector(), SelectionKey.OP_CONNECT, this);
  }

  @Override
  public void ready(SelectionKey readyKey, ByteBuffer buffer) throws IOException {
    if (readyKey.isConnectable()) {
      channel.finishConnect();
      while (request.hasRemaining()) {
        channel.write(request);
      }
      readyKey.interestOps(SelectionKey.OP_READ);
      return;
    }
    buffer.clear();
    int length = channel.read(buffer);
    if (length < 0) {
      throw new ProtocolException("the server ended the stream");
    }
    opened = true;
    if (!awake) {
      readyKey.interestOps(0);
    }
  }

  @Override
  public void broken(Exception why) {
    ended = true;
    Sockets.close(channel);
  }

  void wake() {
    awake = true;
    if (!ended) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  boolean isOpened() {
    return opened;
  }

  boolean isEnded() {
    return ended;
  }

  void close() {
    Sockets.close(channel);
  }
}
