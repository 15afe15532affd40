package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;

/** One client's open response body. Only on its event loop. */
public interface StreamTransport {
  /**
   * Hands bytes to the socket, at once. Only while {@link #drained}.
   *
   * @param bytes shared by many connections: neither its indices nor its reference count are
   *     changed for good; what the socket did not take is retained here
   */
  void write(ByteBuf bytes);

  /** Whether everything handed over so far has left this process. */
  boolean drained();

  /** {@link System#nanoTime} of the last moment at which bytes left. */
  long lastProgress();

  /** Bytes handed over which have not left. */
  long pending();

  /** Ends the stream cleanly once what is pending has left. */
  void end();

  /** Ends the stream now, whatever is pending. */
  void abort();

  /** Whom a transport tells; on the event loop. */
  interface Listener {
    /** Everything handed over has left; not called for writes that left at once. */
    void onDrained();

    /** The stream is over, whoever ended it. Exactly once. */
    void onClosed();
  }
}
