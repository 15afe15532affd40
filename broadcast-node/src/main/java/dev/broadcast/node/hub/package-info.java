/**
 * Fan-out, history and resume: from what the backplane feeds to what every connection gets. {@link
 * dev.broadcast.node.hub.Hub} is what the HTTP side knows of it.
 *
 * <p>Two threads matter. The <em>hub thread</em> (one event loop) reads the shards: {@code
 * ShardReader} decides what is delivered, {@code Ring} keeps it. Each <em>event loop</em> owns its
 * connections; {@code Position} decides what a connection gets next. Both deciders are state
 * machines without I/O, threads or clocks. Everything that the hub thread tells a loop goes through
 * one inbox, in order.
 */
@NullMarked
package dev.broadcast.node.hub;

import org.jspecify.annotations.NullMarked;
