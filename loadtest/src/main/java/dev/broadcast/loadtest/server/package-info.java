/**
 * The servers that are measured: how each is started, where it listens, what it uses.
 *
 * <p>{@link dev.broadcast.loadtest.server.Servers} is the list; one more server is one more {@link
 * dev.broadcast.loadtest.server.ServerUnderTest} in it. Every server is a process of its own that
 * prints {@code listening on http://HOST:PORT}, is pinned to the servers' processors, and is
 * charged the CPU of its whole process tree.
 */
@NullMarked
package dev.broadcast.loadtest.server;

import org.jspecify.annotations.NullMarked;
