/**
 * What carries messages between nodes and keeps their history. {@link
 * dev.broadcast.node.backplane.Backplane} is the contract for messages, {@link
 * dev.broadcast.node.backplane.Roster} the one for nodes and their connections; each has an
 * in-process and a Redis implementation, held to one contract test.
 *
 * <p>Room for a change: the Redis scripts are {@code .lua} files in the resources of this package;
 * whatever decides about holes and order is not here but in {@code hub.ShardReader}.
 */
@NullMarked
package dev.broadcast.node.backplane;

import org.jspecify.annotations.NullMarked;
