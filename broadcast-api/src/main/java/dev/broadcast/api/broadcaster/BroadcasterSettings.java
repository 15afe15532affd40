package dev.broadcast.api.broadcaster;

import java.time.Duration;

/**
 * How a broadcaster behaves. Immutable; see {@link #DEFAULTS}.
 *
 * @param historySize messages a topic's history keeps at least, within its age; 1 or more
 * @param queueSize messages that wait for one slow connection before it falls behind; 1 or more
 * @param queueTimeout how long a connection may take nothing before it is closed; more than 0
 * @param heartbeat after how much silence a connection gets a comment; zero for never
 * @param handlerTimeout how long one message handler may take for one message; more than 0
 * @param debug whether every stream and every publish is logged, without what is in it
 */
public record BroadcasterSettings(
    int historySize,
    int queueSize,
    Duration queueTimeout,
    Duration heartbeat,
    Duration handlerTimeout,
    boolean debug) {

  /** What a node does without flags. */
  public static final BroadcasterSettings DEFAULTS =
      new BroadcasterSettings(
          1000, 256, Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofSeconds(1), false);

  public BroadcasterSettings {
    atLeastOne("historySize", historySize);
    atLeastOne("queueSize", queueSize);
    positive("queueTimeout", queueTimeout);
    positive("handlerTimeout", handlerTimeout);
    if (heartbeat.isNegative()) {
      throw new IllegalArgumentException("heartbeat: not negative expected");
    }
  }

  /** Another history size. */
  public BroadcasterSettings withHistorySize(int size) {
    return new BroadcasterSettings(size, queueSize, queueTimeout, heartbeat, handlerTimeout, debug);
  }

  /** Another queue. */
  public BroadcasterSettings withQueue(int size, Duration timeout) {
    return new BroadcasterSettings(historySize, size, timeout, heartbeat, handlerTimeout, debug);
  }

  /** Another heartbeat; zero for none. */
  public BroadcasterSettings withHeartbeat(Duration silence) {
    return new BroadcasterSettings(
        historySize, queueSize, queueTimeout, silence, handlerTimeout, debug);
  }

  /** Another time limit for handlers. */
  public BroadcasterSettings withHandlerTimeout(Duration limit) {
    return new BroadcasterSettings(historySize, queueSize, queueTimeout, heartbeat, limit, debug);
  }

  /** With or without debugging. */
  public BroadcasterSettings withDebug(boolean on) {
    return new BroadcasterSettings(
        historySize, queueSize, queueTimeout, heartbeat, handlerTimeout, on);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": at least 1 expected, not " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": more than 0 expected");
    }
  }
}
