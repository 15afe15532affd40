package dev.broadcast.api.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the stream of one client behaves. Immutable; see {@link #DEFAULTS}.
 *
 * @param heartbeat after how much silence it gets a comment; zero for never
 * @param timeout after how long without a value from its source it ends; zero for never
 * @param initial its first event, or null for none
 * @param closing its last event, or null for none
 */
public record StreamSettings(
    Duration heartbeat,
    Duration timeout,
    @Nullable ClientEvent initial,
    @Nullable ClientEvent closing) {

  /** A comment every 15 s of silence, no timeout, no first and no last event of its own. */
  public static final StreamSettings DEFAULTS =
      new StreamSettings(Duration.ofSeconds(15), Duration.ZERO, null, null);

  public StreamSettings {
    if (heartbeat.isNegative()) {
      throw new IllegalArgumentException("heartbeat: not negative expected");
    }
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout: not negative expected");
    }
  }

  /** Another heartbeat; zero for none. */
  public StreamSettings heartbeat(Duration silence) {
    return new StreamSettings(silence, timeout, initial, closing);
  }

  /** Another timeout; zero for none. */
  public StreamSettings timeout(Duration silence) {
    return new StreamSettings(heartbeat, silence, initial, closing);
  }

  /** With this first event; null for none. */
  public StreamSettings initial(@Nullable ClientEvent event) {
    return new StreamSettings(heartbeat, timeout, event, closing);
  }

  /** With this last event; null for none. */
  public StreamSettings closing(@Nullable ClientEvent event) {
    return new StreamSettings(heartbeat, timeout, initial, event);
  }
}
