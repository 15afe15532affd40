/**
 * How the bytes of a stream leave: {@link dev.broadcast.node.transport.StreamTransport} and its
 * three implementations, detached HTTP/1.1, HTTP/2 and the ordinary response. And how connections
 * come: {@link dev.broadcast.node.transport.GuardedTransport} accepts and hears them at the pace of
 * the event loops. The only place that touches Vert.x' and Netty's insides.
 */
@NullMarked
package dev.broadcast.node.transport;

import org.jspecify.annotations.NullMarked;
