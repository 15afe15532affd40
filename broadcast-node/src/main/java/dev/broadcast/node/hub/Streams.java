package dev.broadcast.node.hub;

import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.hub.Hub.Admission;
import dev.broadcast.node.transport.StreamTransport;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Opens this node's streams, and tells whoever has to know that one opened or ended: the program,
 * those who watch presence, the figures, and whoever waits for its place or its id. Each on its
 * stream's event loop.
 */
final class Streams {
  private final String nodeId;
  private final Loops loops;
  private final ToIntFunction<String> shardOf;
  private final Admissions admissions;
  private final ConnectionHooks hooks;
  private final Presences presences;
  private final HubMetrics metrics;

  /**
   * None yet.
   *
   * @param shardOf on which shard a topic lies
   */
  Streams(
      String nodeId,
      Loops loops,
      ToIntFunction<String> shardOf,
      Admissions admissions,
      ConnectionHooks hooks,
      Presences presences,
      HubMetrics metrics) {
    this.nodeId = nodeId;
    this.loops = loops;
    this.shardOf = shardOf;
    this.admissions = admissions;
    this.hooks = hooks;
    this.presences = presences;
    this.metrics = metrics;
  }

  /** Opens an admitted one; on the loop that owns its socket. */
  Hub.Stream open(
      Admission.Granted admission, Function<StreamTransport.Listener, StreamTransport> transport) {
    Loop loop = loops.here();
    if (loop == null) {
      throw new IllegalStateException("a stream opens on one of the node's event loops");
    }
    StreamRequest request = admission.request();
    Connection stream =
        Connection.open(
            loop, request, Selection.of(request, shardOf), admission.connectionId(), transport);
    metrics.opened();
    hooks.connected(stream, nodeId);
    presences.happened(Presence.Action.JOIN, request, admission.connectionId());
    return stream;
  }

  /** Lets an admission go that will not be opened. */
  void forget(Admission.Granted admission) {
    admissions.left(admission.request(), admission.connectionId());
  }

  /** One has ended. */
  void closed(Connection connection, CloseReason reason) {
    hooks.disconnected(connection, nodeId, reason);
    if (reason != CloseReason.REPLACED) {
      presences.happened(Presence.Action.LEAVE, connection.request(), connection.id());
    }
    metrics.disconnected(reason);
    admissions.left(connection.request(), connection.id());
  }
}
