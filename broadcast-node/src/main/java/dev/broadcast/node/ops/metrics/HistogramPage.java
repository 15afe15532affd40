package dev.broadcast.node.ops.metrics;

import dev.broadcast.node.hub.LatencyFigures;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Supplier;

/** A histogram that somebody else counted, which Micrometer has no meter for. Any thread. */
final class HistogramPage implements Collector {
  private final String name;
  private final String help;
  private final Supplier<LatencyFigures> figures;

  HistogramPage(String name, String help, Supplier<LatencyFigures> figures) {
    this.name = name;
    this.help = help;
    this.figures = figures;
  }

  @Override
  public MetricSnapshot collect() {
    LatencyFigures now = figures.get();
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < now.counts().size(); i++) {
      double bound =
          i < now.boundsMillis().size()
              ? now.boundsMillis().get(i) / 1000.0
              : Double.POSITIVE_INFINITY;
      buckets.bucket(bound, now.counts().get(i));
    }
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(
            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(now.sumMillis() / 1000.0)
                .build())
        .build();
  }
}
