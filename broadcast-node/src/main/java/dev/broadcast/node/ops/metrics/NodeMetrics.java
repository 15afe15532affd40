package dev.broadcast.node.ops.metrics;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.hub.ClusterHub;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The page that Prometheus scrapes. Any thread; the first call loads the libraries and takes some
 * tenths of a second, so it does not belong on an event loop.
 */
public final class NodeMetrics {
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final ClusterHub hub;
  private final Backplane backplane;
  private final LoopLag lag;
  private @Nullable PrometheusMeterRegistry registry;

  /**
   * @param hub whose counters are shown
   * @param backplane the same of
   * @param lag of the event loops
   */
  public NodeMetrics(ClusterHub hub, Backplane backplane, LoopLag lag) {
    this.hub = hub;
    this.backplane = backplane;
    this.lag = lag;
  }

  /**
   * A scrape's answer.
   *
   * @param contentType of the body
   * @param body all figures as they are now
   */
  @SuppressWarnings("ArrayRecordComponent") // written out, never compared
  public record Page(String contentType, byte[] body) {}

  /**
   * All figures as they are now.
   *
   * @param accept the request's {@code Accept}, or null
   */
  public Page scrape(@Nullable String accept) {
    boolean open = accept != null && accept.contains("application/openmetrics-text");
    String type = open ? OPEN_METRICS : TEXT;
    return new Page(type, registry().scrape(type).getBytes(StandardCharsets.UTF_8));
  }

  private synchronized PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry made = registry;
    if (made == null) {
      made = MeterRegistries.of(hub, backplane, lag);
      registry = made;
    }
    return made;
  }
}
