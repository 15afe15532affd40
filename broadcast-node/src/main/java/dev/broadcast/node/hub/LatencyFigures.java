package dev.broadcast.node.hub;

import java.util.Arrays;
import java.util.List;

/**
 * A histogram.
 *
 * @param boundsMillis inclusive upper bounds of its buckets, ascending; one more takes the rest
 * @param counts by bucket, the one for the rest last; not cumulative
 * @param sumMillis of all
 */
public record LatencyFigures(List<Long> boundsMillis, List<Long> counts, long sumMillis) {
  static LatencyFigures of(long[] bounds, long[] counts, long sum) {
    return new LatencyFigures(
        Arrays.stream(bounds).boxed().toList(), Arrays.stream(counts).boxed().toList(), sum);
  }
}
