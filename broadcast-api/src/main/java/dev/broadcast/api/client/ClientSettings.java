package dev.broadcast.api.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves. Immutable; made by {@link #of}.
 *
 * @param nodes base addresses such as {@code http://127.0.0.1:8080}, one of a balancer or several
 *     of nodes, tried in turn; a path is what the routes are mounted under
 * @param key gives the key or token for {@code Authorization: Bearer} before each request, null for
 *     none
 * @param connectTimeout how long a connection, and the head of an answer, may take
 * @param publishWithin how long a publish is tried again before it fails
 * @param backoffMin the shortest of the growing, random pauses between two tries
 * @param backoffMax the longest
 * @param deadAfter after how much silence a stream counts as dead; null: three of the heartbeats
 *     that the node announces, never if it announces none
 * @param maxEventSize the longest event in bytes that is read
 */
public record ClientSettings(
    List<URI> nodes,
    Supplier<@Nullable String> key,
    Duration connectTimeout,
    Duration publishWithin,
    Duration backoffMin,
    Duration backoffMax,
    @Nullable Duration deadAfter,
    int maxEventSize) {

  public ClientSettings {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("nodes: at least one expected");
    }
    for (URI node : nodes) {
      if (node.getHost() == null
          || !("http".equals(node.getScheme()) || "https".equals(node.getScheme()))) {
        throw new IllegalArgumentException("nodes: http:// or https:// expected, not " + node);
      }
    }
    nodes = List.copyOf(nodes);
    positive("connectTimeout", connectTimeout);
    positive("publishWithin", publishWithin);
    positive("backoffMin", backoffMin);
    positive("backoffMax", backoffMax);
    if (deadAfter != null) {
      positive("deadAfter", deadAfter);
    }
    if (maxEventSize < 1024) {
      throw new IllegalArgumentException(
          "maxEventSize: at least 1024 expected, not " + maxEventSize);
    }
  }

  /**
   * Without a key: connect within 5 s, publish within 15 s, pauses of up to 250 ms growing to 10 s,
   * events up to 16 MiB.
   */
  public static ClientSettings of(URI... nodes) {
    return new ClientSettings(
        List.of(nodes),
        () -> null,
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofMillis(250),
        Duration.ofSeconds(10),
        null,
        16 << 20);
  }

  /** With a key or token that stays the same. */
  public ClientSettings key(String constant) {
    return key(() -> constant);
  }

  /** With a key or token that is asked for before each request. */
  public ClientSettings key(Supplier<@Nullable String> current) {
    return new ClientSettings(
        nodes,
        current,
        connectTimeout,
        publishWithin,
        backoffMin,
        backoffMax,
        deadAfter,
        maxEventSize);
  }

  /** With other time limits. */
  public ClientSettings timeouts(Duration connect, Duration publish) {
    return new ClientSettings(
        nodes, key, connect, publish, backoffMin, backoffMax, deadAfter, maxEventSize);
  }

  /** With other pauses. */
  public ClientSettings backoff(Duration min, Duration max) {
    return new ClientSettings(
        nodes, key, connectTimeout, publishWithin, min, max, deadAfter, maxEventSize);
  }

  /** With another silence after which a stream is dead. */
  public ClientSettings deadAfter(Duration silence) {
    return new ClientSettings(
        nodes, key, connectTimeout, publishWithin, backoffMin, backoffMax, silence, maxEventSize);
  }

  private static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + ": more than 0 expected");
    }
  }
}
