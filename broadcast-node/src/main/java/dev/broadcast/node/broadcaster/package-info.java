/**
 * The Java API on a node: {@link dev.broadcast.node.broadcaster.NodeBroadcaster} publishes,
 * subscribes within the process, reports jobs and looks after connections, all through the same hub
 * as HTTP does.
 */
@NullMarked
package dev.broadcast.node.broadcaster;

import org.jspecify.annotations.NullMarked;
