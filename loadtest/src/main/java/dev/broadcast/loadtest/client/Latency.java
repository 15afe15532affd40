package dev.broadcast.loadtest.client;

import org.HdrHistogram.Histogram;

/** Milliseconds from the moment a message was due to its arrival. */
public record Latency(double p50, double p99, double p999, double max) {
  static Latency of(Histogram nanos) {
    return new Latency(
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6,
        nanos.getValueAtPercentile(99.9) / 1e6,
        nanos.getMaxValue() / 1e6);
  }
}
