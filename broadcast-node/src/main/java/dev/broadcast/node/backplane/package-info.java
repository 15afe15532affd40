/**
 * What carries messages between nodes and keeps their history. {@link
 * dev.broadcast.node.backplane.Backplane} is the contract for messages, {@link
 * dev.broadcast.node.backplane.Roster} the one for nodes and their connections; each has an
 * in-process and a Redis implementation, held to one contract test.
 *
 * <p>Where to begin reading: {@code MemoryBackplane} and {@code MemoryShard} do in-process all that
 * is promised. With Redis, {@code RedisShard} is one sequence with what works on it: {@code
 * RedisAttachment} knows its state, {@code RedisPublisher} and {@code RedisReader} need that. They
 * run their scripts on a {@code RedisLink}, the connections to one master: {@code RedisCommands},
 * {@code RedisReads}, {@code RedisChannels}, and {@code MasterWatch}, which asks a {@code
 * RedisLocator} where it is. {@code RedisRoster} is lease, claims, receipts and questions.
 *
 * <p>Room for a change: the Redis scripts are {@code .lua} files in the resources of this package;
 * whatever decides about holes and order is not here but in {@code hub.ShardReader}.
 */
@NullMarked
package dev.broadcast.node.backplane;

import org.jspecify.annotations.NullMarked;
