/**
 * Who listens: {@link dev.broadcast.api.connection.Connection} values, their {@link
 * dev.broadcast.api.connection.ConnectionState}, and {@link
 * dev.broadcast.api.connection.Connections}, the registry over all nodes.
 */
@NullMarked
package dev.broadcast.api.connection;

import org.jspecify.annotations.NullMarked;
