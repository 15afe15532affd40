/**
 * What programs compile against; needs nothing but the JDK. Here are messages and their encoding as
 * Server-Sent Events: {@link dev.broadcast.api.Message} is what one publishes, {@link
 * dev.broadcast.api.PublishedMessage} what history keeps. The packages below, each of which may
 * know this one:
 *
 * <ul>
 *   <li>{@code broadcaster}: publishing, handlers, vocabulary, subscriptions within a process
 *   <li>{@code connection}: who listens
 *   <li>{@code stream}: what arrives on a stream, and streams of one client fed by a program
 *   <li>{@code client}: the client over HTTP
 *   <li>{@code html}: elements, out-of-band swaps, Turbo Streams, Datastar, and the page's side
 * </ul>
 */
@NullMarked
package dev.broadcast.api;

import org.jspecify.annotations.NullMarked;
