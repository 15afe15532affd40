/**
 * The fault suite: packaged nodes and a real Redis as processes, publishers and subscribers that
 * share no code with them, and everything that can go wrong, in an order and at times that a seed
 * decides.
 *
 * <p>{@link dev.broadcast.loadtest.faults.Faults} is the command. A {@link
 * dev.broadcast.loadtest.faults.Schedule} lists {@link dev.broadcast.loadtest.faults.Step}s; the
 * {@link dev.broadcast.loadtest.faults.Suite} lets each happen on the {@link
 * dev.broadcast.loadtest.faults.Scene} under load, waits until all is well again, and has the
 * {@link dev.broadcast.loadtest.faults.Judge} compare what was acknowledged with what every client
 * got.
 *
 * <p>Each fault belongs to a {@link dev.broadcast.loadtest.faults.Shape} of Redis, and there is a
 * scene for each shape; a new fault is a line in one of the lists that {@link
 * dev.broadcast.loadtest.faults.Catalogue} puts together.
 */
@NullMarked
package dev.broadcast.loadtest.faults;

import org.jspecify.annotations.NullMarked;
