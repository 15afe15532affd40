/**
 * Streams: what arrives on one ({@link dev.broadcast.api.stream.StreamEvent}), and what a program
 * feeds into one ({@link dev.broadcast.api.stream.ClientStream}, {@link
 * dev.broadcast.api.stream.Sources}, {@link dev.broadcast.api.stream.Throttle}, {@link
 * dev.broadcast.api.stream.Progress}).
 */
@NullMarked
package dev.broadcast.api.stream;

import org.jspecify.annotations.NullMarked;
