/**
 * HTML over Server-Sent Events. {@link dev.broadcast.api.html.Element} builds markup that is
 * escaped unless one says otherwise; {@link dev.broadcast.api.html.OutOfBand} addresses pieces of
 * it to places of a page for htmx 2 and 4, {@link dev.broadcast.api.html.TurboStream} for Turbo,
 * {@link dev.broadcast.api.html.Datastar} for Datastar. {@link
 * dev.broadcast.api.html.ElementBuilder} makes HTML of messages on the node; {@link
 * dev.broadcast.api.html.SseElement} and {@link dev.broadcast.api.html.SseScripts} are what a page
 * needs to listen.
 */
@NullMarked
package dev.broadcast.api.html;

import org.jspecify.annotations.NullMarked;
