package dev.broadcast.api.connection;

/**
 * Told of this node's connections. {@link #disconnected} follows {@link #connected} always and
 * once, also for those that the node itself closed, replaced or gave up. Called on a worker thread,
 * one call after another for the same connection; what it throws is logged and harms nobody.
 */
public interface ConnectionListener {
  /** A stream is open. */
  default void connected(Connection connection) {}

  /**
   * A stream has ended.
   *
   * @param connection as it was at its end; its state says why
   */
  default void disconnected(Connection connection) {}
}
