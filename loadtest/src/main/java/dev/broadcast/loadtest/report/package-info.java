/**
 * What came out, for readers: {@link dev.broadcast.loadtest.report.Summary} takes the medians, the
 * others show them.
 */
@NullMarked
package dev.broadcast.loadtest.report;

import org.jspecify.annotations.NullMarked;
