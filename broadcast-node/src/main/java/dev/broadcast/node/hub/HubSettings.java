package dev.broadcast.node.hub;

import java.time.Duration;

/**
 * What bounds a hub.
 *
 * @param historySize messages a topic that history keeps at least, from 1
 * @param historyAge how old a kept message may be
 * @param ringSize bytes of history that the node keeps in memory
 * @param queueMessages messages that may wait for one connection before it falls behind
 * @param queueBytes bytes that may
 * @param writeTimeout how long a connection may take nothing while something waits
 * @param heartbeat silence after which a connection gets a comment; zero for never
 * @param heldBytes bytes of newer messages that may wait while a hole is closed
 * @param maxConnections open streams on this node
 * @param maxPerAddress open streams of one address on this node; 0 for no limit
 * @param maxPerKey open streams of one key or token on this node; 0 for no limit
 */
public record HubSettings(
    int historySize,
    Duration historyAge,
    long ringSize,
    int queueMessages,
    long queueBytes,
    Duration writeTimeout,
    Duration heartbeat,
    long heldBytes,
    int maxConnections,
    int maxPerAddress,
    int maxPerKey) {

  public HubSettings {
    positive("historySize", historySize);
    positive("historyAge", historyAge.toMillis());
    positive("ringSize", ringSize);
    positive("queueMessages", queueMessages);
    positive("queueBytes", queueBytes);
    positive("writeTimeout", writeTimeout.toMillis());
    if (heartbeat.isNegative()) {
      throw new IllegalArgumentException("heartbeat: not negative expected");
    }
    positive("heldBytes", heldBytes);
    positive("maxConnections", maxConnections);
    if (maxPerAddress < 0 || maxPerKey < 0) {
      throw new IllegalArgumentException("maxPerAddress and maxPerKey: not negative expected");
    }
  }

  /** The same without a limit a key. */
  public HubSettings(
      int historySize,
      Duration historyAge,
      long ringSize,
      int queueMessages,
      long queueBytes,
      Duration writeTimeout,
      Duration heartbeat,
      long heldBytes,
      int maxConnections,
      int maxPerAddress) {
    this(
        historySize,
        historyAge,
        ringSize,
        queueMessages,
        queueBytes,
        writeTimeout,
        heartbeat,
        heldBytes,
        maxConnections,
        maxPerAddress,
        0);
  }

  private static void positive(String field, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(field + ": more than 0 expected, not " + value);
    }
  }

  /** The defaults of the settings table. */
  public static HubSettings defaults() {
    return new HubSettings(
        1000,
        Duration.ofHours(1),
        64 << 20,
        256,
        1 << 20,
        Duration.ofSeconds(30),
        Duration.ofSeconds(15),
        32 << 20,
        100_000,
        0);
  }
}
