package dev.broadcast.loadtest.client;

/**
 * What a server has used.
 *
 * @param cpuNanos user and system time since it started
 * @param rssBytes resident memory now
 */
public record Usage(long cpuNanos, long rssBytes) {
  /**
   * Reads it, once before the streams open, once before the first publish, once after the last
   * delivery.
   */
  @FunctionalInterface
  public interface Probe {
    Usage read();
  }

  /** For a server whose processes are out of sight. */
  public static final Usage NONE = new Usage(0, 0);
}
