package dev.broadcast.node.hub;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection's request for its next page. Made on the connection's event loop, then only on the
 * hub thread.
 */
final class Walk {
  final Loop loop;
  final Connection connection;
  final int token;
  final Selection selection;

  /** Where the stream starts; null once the client was told. */
  final StreamRequest.@Nullable Start start;

  /** Whether topics that history no longer covers are the client's loss. */
  boolean tellsLosses = true;

  /** Topics for which a reset is told already. */
  final Set<String> toldTopics = new HashSet<>();

  /** Where the walker stands, one a shard. */
  final long[] at;

  /** In which version of each shard's sequence that was. */
  final int[] versions;

  final Map<String, Long> starts;

  private Walk(
      Loop loop,
      Connection connection,
      int token,
      StreamRequest.@Nullable Start start,
      long[] at,
      int[] versions,
      Map<String, Long> starts) {
    this.loop = loop;
    this.connection = connection;
    this.token = token;
    this.selection = connection.selection();
    this.start = start;
    this.at = at;
    this.versions = versions;
    this.starts = new HashMap<>(starts);
  }

  /** The first one: the place is to be resolved. */
  static Walk from(StreamRequest.Start start, Loop loop, Connection connection, int token) {
    int shards = connection.selection().shards().size();
    return new Walk(loop, connection, token, start, new long[shards], new int[shards], Map.of());
  }

  /** The next one. */
  static Walk on(
      Loop loop,
      Connection connection,
      int token,
      long[] at,
      int[] versions,
      Map<String, Long> starts) {
    return new Walk(loop, connection, token, null, at.clone(), versions, starts);
  }
}
