/**
 * What clients and publishers see of running nodes: every test starts real nodes in this JVM and
 * talks to them over sockets. {@link dev.broadcast.front.TestCluster} starts them, {@link
 * dev.broadcast.front.OpenStream} is a subscriber.
 */
@NullMarked
package dev.broadcast.front;

import org.jspecify.annotations.NullMarked;
