package dev.broadcast.node;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.BackplaneSettings;
import dev.broadcast.node.backplane.MemoryBackplane;
import dev.broadcast.node.backplane.MemoryRoster;
import dev.broadcast.node.backplane.MemoryTickets;
import dev.broadcast.node.backplane.MemoryVocabulary;
import dev.broadcast.node.backplane.RedisBackplane;
import dev.broadcast.node.backplane.RedisSettings;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.backplane.Tickets;
import dev.broadcast.node.backplane.Vocabulary;
import dev.broadcast.node.ops.Settings;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What a node shares with the others of its cluster: all of it in Redis, or all of it in-process.
 *
 * @param messages carries them and keeps their history
 * @param roster who the nodes are, and which connections they have
 */
record NodeBackplane(Backplane messages, Roster roster, Tickets tickets, Vocabulary vocabulary) {

  /** As the settings say, on the first loop. */
  static NodeBackplane of(Settings settings, EventLoops loops) {
    Executor hubThread = loops.first();
    Executor nextTurn = loops.firstForNextTurn();
    BackplaneSettings kept = PartSettings.backplane(settings);
    RedisSettings redis = settings.redis();
    if (redis == null) {
      InstantSource clock = InstantSource.system();
      return new NodeBackplane(
          new MemoryBackplane(kept, hubThread, nextTurn, clock),
          new MemoryRoster(kept.nodeId(), hubThread, clock),
          new MemoryTickets(hubThread, clock, NodeAccess.seed(settings)),
          new MemoryVocabulary(hubThread));
    }
    RedisBackplane shared =
        new RedisBackplane(kept, redis, hubThread, nextTurn, loops.firstForSockets());
    return new NodeBackplane(shared, shared.roster(), shared.tickets(), shared.vocabulary());
  }

  /** Leaves the cluster. */
  CompletableFuture<Void> leave() {
    return roster
        .leave()
        .completeOnTimeout(null, 1, TimeUnit.SECONDS)
        .handle((done, failure) -> null)
        .thenCompose(done -> messages.close());
  }
}
