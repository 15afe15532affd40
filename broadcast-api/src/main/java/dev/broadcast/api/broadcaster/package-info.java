/**
 * Publishing from Java: {@link dev.broadcast.api.broadcaster.Broadcaster} with its handlers, hooks,
 * vocabulary and subscriptions within one's own process. {@link
 * dev.broadcast.api.broadcaster.HandlerChain} and {@link dev.broadcast.api.broadcaster.EventTypes}
 * are the parts of it that need no node.
 */
@NullMarked
package dev.broadcast.api.broadcaster;

import org.jspecify.annotations.NullMarked;
