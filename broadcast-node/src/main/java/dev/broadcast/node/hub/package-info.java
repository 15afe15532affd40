/**
 * Fan-out, history and resume: from what the backplane feeds to what every connection gets. {@link
 * dev.broadcast.node.hub.Hub} is what the HTTP side knows of it.
 *
 * <p>Two threads matter. The <em>hub thread</em> (one event loop) reads the shards: {@code
 * ShardReader} decides what is delivered, {@code Ring} keeps it. Each <em>event loop</em> owns its
 * connections; {@code Position} decides what a connection gets next. Both deciders are state
 * machines without I/O, threads or clocks. Everything that the hub thread tells a loop goes through
 * one inbox, in order.
 *
 * <p>Where to begin reading: {@code ClusterHub} puts the parts together. A message comes through
 * {@code Sequencer} and {@code Outbox} to each {@code Loop}, there to the {@code Cohort}s that want
 * it, and to every live {@code Connection}. A connection that is behind is walked to the head by
 * its {@code Follower}: {@code Resolver} finds where it begins, {@code PageBuilder} makes its
 * pages. Opening and ending are {@code Admissions} and {@code Streams}, what other nodes want
 * {@code HubPeer}.
 */
@NullMarked
package dev.broadcast.node.hub;

import org.jspecify.annotations.NullMarked;
