package dev.broadcast.loadtest.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/** One of the client's sockets. All methods run on the client's thread. */
interface Peer {
  /**
   * The socket can be connected, read or written. {@code buffer} is free to use until this returns.
   */
  void ready(SelectionKey key, ByteBuffer buffer) throws IOException;

  /** The socket broke. */
  void broken(Exception why);
}
