package dev.broadcast.node.transport;

import io.netty.buffer.ByteBuf;

/**
 * One client's open response body. Only on its event loop.
 *
 * <p>None of these methods calls the {@link Listener} before it returns.
 */
public interface StreamTransport {
  /**
   * Hands bytes to the socket, at once. Only after {@link #begin} or {@link #flush}, while {@link
   * #drained} and before {@link #end}. Does nothing once the stream is over.
   *
   * @param bytes shared by many connections and event loops, cheapest when direct: neither its
   *     contents nor its indices are touched, and what the socket did not take is retained here
   *     until it has left
   */
  void write(ByteBuf bytes);

  /**
   * The same for bytes that may be the stream's first: with what was kept back so that it could
   * leave together with them, the response's head.
   */
  default void begin(ByteBuf bytes) {
    write(bytes);
  }

  /**
   * Sends what was kept back for {@link #begin}. To be called once nothing more is at hand; does
   * nothing otherwise.
   */
  default void flush() {}

  /** Whether everything handed over so far has left this process. */
  boolean drained();

  /**
   * {@link System#nanoTime} of the last moment at which bytes left; while {@link #drained}, now.
   * Tells a client that reads slowly from one that does not read.
   */
  long lastProgress();

  /** Bytes handed over which have not left. */
  long pending();

  /** Ends the stream cleanly once what is pending has left. */
  void end();

  /** Ends the stream now, whatever is pending; after {@link #end} as well. */
  void abort();

  /** Whom a transport tells; on the event loop. */
  interface Listener {
    /** Everything handed over has left; not called for writes that left at once. */
    void onDrained();

    /**
     * The client leaves so much of this stream unread that others of its connection get nothing:
     * the stream is about to be aborted.
     */
    default void onStarving() {}

    /** The stream is over, whoever ended it. Exactly once, and nothing after it. */
    void onClosed();
  }
}
