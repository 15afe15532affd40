/**
 * What a node counts, for Prometheus: {@link dev.broadcast.node.ops.metrics.NodeMetrics} makes the
 * page. The parts of the node count for themselves, with nothing but their own counters; Micrometer
 * is loaded when somebody asks for the first time.
 */
@NullMarked
package dev.broadcast.node.ops.metrics;

import org.jspecify.annotations.NullMarked;
