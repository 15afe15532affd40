/**
 * What servers are asked to do: {@link dev.broadcast.loadtest.work.Works} lists it, each {@link
 * dev.broadcast.loadtest.work.Work} drives the load client and yields {@link
 * dev.broadcast.loadtest.work.Measure}s, {@link dev.broadcast.loadtest.work.Promise} says what they
 * must be.
 */
@NullMarked
package dev.broadcast.loadtest.work;

import org.jspecify.annotations.NullMarked;
