/**
 * The Java client: {@link dev.broadcast.api.client.BroadcastClient} publishes and listens over
 * HTTP, on the JDK's own client. A publish is one {@code Publishing}, which makes one {@code
 * Attempt} after another; a subscription is one {@code StreamRun}, which opens one {@code
 * StreamLink} after another and hands on what {@code EventStreamReader} reads from them.
 */
@NullMarked
package dev.broadcast.api.client;

import org.jspecify.annotations.NullMarked;
