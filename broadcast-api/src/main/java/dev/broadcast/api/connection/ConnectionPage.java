package dev.broadcast.api.connection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the connections that were asked for. Immutable.
 *
 * @param connections of this page
 * @param next what to ask the next page with, or null if this is the last one
 * @param missing ids of live nodes that did not answer within a second
 */
public record ConnectionPage(
    List<Connection> connections, @Nullable String next, List<String> missing) {
  public ConnectionPage {
    connections = List.copyOf(connections);
    missing = List.copyOf(missing);
  }
}
