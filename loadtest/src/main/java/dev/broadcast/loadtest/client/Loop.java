package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** One selector, the sockets on it and the buffer that they are read with; one thread. */
final class Loop implements AutoCloseable {
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(256 * 1024);
  private final Runnable afterEach;

  Loop() throws IOException {
    this(() -> {});
  }

  /** {@code afterEach} runs after each socket's turn. */
  Loop(Runnable afterEach) throws IOException {
    this.selector = Selector.open();
    this.afterEach = afterEach;
  }

  Selector selector() {
    return selector;
  }

  /**
   * Serves the sockets that are ready and says how many; waits so long for the first, 0 does not
   * wait.
   */
  int select(long millis) throws IOException {
    return millis == 0 ? selector.selectNow(this::ready) : selector.select(this::ready, millis);
  }

  /** Serves sockets until that {@link System#nanoTime()}. */
  void waitUntil(long time) throws IOException {
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      select(left / 1_000_000 + 1);
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }

  private void ready(SelectionKey key) {
    Peer peer = (Peer) key.attachment();
    try {
      peer.ready(key, buffer);
    } catch (IOException | ProtocolException e) {
      peer.broken(e);
    }
    afterEach.run();
  }
}
