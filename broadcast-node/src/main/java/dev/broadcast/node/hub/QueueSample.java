package dev.broadcast.node.hub;

/** What the connections of a loop looked like at its last tick. Filled on the loop, then read. */
final class QueueSample {
  static final QueueSample NONE = new QueueSample();

  private int behind;
  private long messages;
  private long bytes;
  private long most;

  void add(boolean isBehind, int waiting, long waitingBytes) {
    behind += isBehind ? 1 : 0;
    messages += waiting;
    bytes += waitingBytes;
    most = Math.max(most, waiting);
  }

  /** Connections that are not at the head. */
  int behind() {
    return behind;
  }

  /** Messages that wait, over all connections. */
  long messages() {
    return messages;
  }

  /** Bytes that wait, over all connections. */
  long bytes() {
    return bytes;
  }

  /** Messages that wait for the connection for which the most do. */
  long most() {
    return most;
  }
}
