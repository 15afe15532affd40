package dev.broadcast.api.connection;

import dev.broadcast.api.Data;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The connections of all nodes. Each node is asked when somebody wants to know, so that the
 * registry costs nothing as long as nobody does. Any thread may call.
 */
public interface Connections {
  /** One, wherever it is. */
  CompletableFuture<Optional<Connection>> get(String id);

  /** Those that match, a page at a time. */
  CompletableFuture<ConnectionPage> list(ConnectionQuery query);

  /** Their figures. */
  CompletableFuture<ConnectionStatistics> statistics();

  /**
   * Sends an event to one connection, wherever it is. Unlike {@code Broadcaster.sendTo} it leaves
   * nothing in any history: it has no id and cannot be resumed.
   *
   * @return whether it was put on that connection
   */
  CompletableFuture<Boolean> send(String id, @Nullable String type, Data data);

  /**
   * Sends a heartbeat now.
   *
   * @return whether there is such a connection
   */
  CompletableFuture<Boolean> heartbeat(String id);

  /**
   * Says {@code closing} and ends the stream.
   *
   * @return whether there was such a connection
   */
  CompletableFuture<Boolean> close(String id);

  /**
   * Ends all that match.
   *
   * @return how many there were
   */
  CompletableFuture<Integer> closeAll(ConnectionQuery query);
}
