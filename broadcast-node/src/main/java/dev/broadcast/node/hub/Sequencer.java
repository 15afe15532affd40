package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.Feed;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.ShardState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hub thread's side of the hub: takes what the backplane feeds, in the order that the shards'
 * readers decide keeps it in the rings, and tells every loop. Only on the hub thread, but for
 * {@link #walk}.
 */
final class Sequencer implements Feed, Replay.Host {
  private final Backplane backplane;
  private final Turns turns;
  private final BackplaneClock clock;
  private final Shard[] shards;
  private final Rings rings;
  private final HistoryReads reads;
  private final Replay replay;
  private final Resolver resolver;
  private final Outbox outbox;
  private final HubMetrics metrics;

  /**
   * @param report tells a receipt's origin on how many connections of this node a message was put
   * @param turns when walkers get their pages
   * @param parts makes what decides
   */
  Sequencer(
      Backplane backplane,
      HubSettings settings,
      LongSupplier nanoTime,
      BiConsumer<String, Integer> report,
      HubMetrics metrics,
      Turns turns,
      HubParts parts) {
    this.backplane = backplane;
    this.turns = turns;
    outbox = new Outbox(report);
    this.metrics = metrics;
    clock = new BackplaneClock(nanoTime);
    rings =
        new Rings(
            settings.ringSize(),
            settings.historySize(),
            settings.historyAge().toMillis(),
            clock,
            backplane::shardOf);
    reads = new HistoryReads(backplane);
    replay = parts.replay(this, rings, reads);
    resolver = parts.resolver(this, replay, reads, settings.historySize());
    shards = new Shard[backplane.shards()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = newShard(i, settings, parts);
    }
  }

  private Shard newShard(int number, HubSettings settings, HubParts parts) {
    return new Shard(
        number,
        shard ->
            parts.reader(
                number,
                settings.heldBytes(),
                new ShardEffects(
                    shard, backplane, rings, outbox, metrics, this::decode, this::sendOut)));
  }

  /** Adds an event loop; from now on it is told everything. */
  void add(Loop loop) {
    outbox.add(loop);
    for (Shard shard : shards) {
      Lineage lineage = shard.lineage();
      if (lineage != null) {
        tell(loop, shard.moved(Notice.ShardMoved.Kind.STARTED, lineage, Optional.empty()));
        tell(loop, new Notice.Attached(shard.number, true));
      }
    }
  }

  /** A connection wants its next page. */
  void walk(Walk walk) {
    inTurn(
        walk,
        () -> {
          if (walk.start == null) {
            replay.serve(walk);
          } else {
            resolver.resolve(walk, walk.start);
          }
        });
  }

  @Override
  public void inTurn(Walk walk, Runnable step) {
    turns.add(walk.loop, step);
  }

  /** The topics are used from now on: their rings grow. */
  void use(Selection selection) {
    for (int i = 0; i < selection.shards().size(); i++) {
      Shard shard = shards[selection.shards().get(i)];
      if (shard.lineage() != null) {
        selection.topics().get(i).forEach(topic -> rings.use(topic, shard.position()));
      }
    }
  }

  /** Messages of a topic that came while clients of this node used it; for rates. */
  long received(String topic) {
    return rings.received(topic);
  }

  @Override
  public @Nullable MessageId position(int shard) {
    return shards[shard].reader.position();
  }

  @Override
  public void attached(ShardState state) {
    heard(state.serverMillis());
    Shard shard = shards[state.shard()];
    outbox.tell(new Notice.Attached(shard.number, true));
    shard.reader.attached(state);
    sendOut(shard);
    retry();
  }

  @Override
  public void detached(int shard, String reason) {
    outbox.tell(new Notice.Attached(shard, false));
    shards[shard].reader.detached();
  }

  @Override
  public void received(int number, List<Entry> entries) {
    Shard shard = shards[number];
    shard.reader.received(entries);
    sendOut(shard);
  }

  @Override
  public void probed(int number, MessageId head, long serverMillis) {
    heard(serverMillis);
    Shard shard = shards[number];
    shard.reader.probed(head);
    sendOut(shard);
    retry();
  }

  private void heard(long serverMillis) {
    clock.heard(serverMillis);
    metrics.latency().heard(serverMillis, clock.heardNanos());
  }

  private void retry() {
    replay.unpark().forEach(this::walk);
  }

  /** Hands what was decided to all loops, in one piece. */
  private void sendOut(Shard shard) {
    if (!outbox.isEmpty()) {
      outbox.send(shard.number, shard.position());
    }
    resolver.unwait().forEach(this::walk);
  }

  @Override
  public Shard shard(int number) {
    return shards[number];
  }

  @Override
  public void tell(Loop loop, Notice notice) {
    loop.tell(notice);
  }

  @Override
  public void outdated(Walk walk) {
    if (walk.start != null) {
      resolver.resolve(walk, walk.start);
    }
  }

  @Override
  public void reattach(int shard) {
    backplane.reattach(shard);
  }

  @Override
  public @Nullable Event decode(Entry entry) {
    if (entry.kind() != Entry.Kind.MESSAGE) {
      return null;
    }
    try {
      return Event.of(entry);
    } catch (IllegalArgumentException e) {
      metrics.unreadable();
      return null;
    }
  }

  @Override
  public String toString() {
    return Arrays.stream(shards)
        .map(s -> String.valueOf(s.reader.position()))
        .collect(Collectors.joining(","));
  }
}
