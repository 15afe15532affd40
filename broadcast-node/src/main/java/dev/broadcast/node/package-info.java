/**
 * The program and its one composition root: {@code Main} reads the settings, {@link
 * dev.broadcast.node.BroadcastNode} puts the parts together, starts and stops them. Beside it stand
 * those parts that only the root knows: servers, certificate, plugins, and how each part sees the
 * settings.
 */
@NullMarked
package dev.broadcast.node;

import org.jspecify.annotations.NullMarked;
