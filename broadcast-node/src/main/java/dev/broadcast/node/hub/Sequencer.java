package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.Feed;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.ShardState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The hub thread's side of the hub: takes what the backplane feeds, in the order that the shards'
 * readers decide keeps it in the rings, and tells every loop. Only on the hub thread, but for
 * {@link #walk}.
 */
class Sequencer implements Feed, Replay.Host {
  private final Backplane backplane;
  private final HubSettings settings;
  private final ServerClock clock;
  private final Shard[] shards;
  private final Rings rings;
  private final HistoryReads reads;
  private final Replay replay;
  private final Resolver resolver;
  private final BiConsumer<String, Integer> report;
  private final HubMetrics metrics;
  private final List<Loop> loops = new ArrayList<>();
  private List<Event> outgoing = new ArrayList<>();

  /**
   * @param report tells a receipt's origin on how many connections of this node a message was put
   */
  Sequencer(
      Backplane backplane,
      HubSettings settings,
      LongSupplier nanoTime,
      BiConsumer<String, Integer> report,
      HubMetrics metrics) {
    this.backplane = backplane;
    this.settings = settings;
    this.report = report;
    this.metrics = metrics;
    clock = new ServerClock(nanoTime);
    rings =
        new Rings(
            settings.ringSize(),
            settings.historySize(),
            settings.historyAge().toMillis(),
            clock,
            backplane::shardOf);
    reads = new HistoryReads(backplane);
    replay = newReplay(rings, reads);
    resolver = newResolver(replay, reads);
    shards = new Shard[backplane.shards()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard(i, newReader(i, new ReaderEffects(i)));
    }
  }

  ShardReader newReader(int shard, ShardReader.Effects effects) {
    return new ShardReader(shard, settings.heldBytes(), effects);
  }

  Replay newReplay(Rings theRings, HistoryReads theReads) {
    return new Replay(this, theRings, theReads);
  }

  Resolver newResolver(Replay theReplay, HistoryReads theReads) {
    return new Resolver(this, theReplay, theReads, settings.historySize());
  }

  /** Adds an event loop; from now on it is told everything. */
  void add(Loop loop) {
    loops.add(loop);
    for (Shard shard : shards) {
      Lineage lineage = shard.lineage();
      if (lineage != null) {
        tell(loop, moved(shard, Loop.ShardMoved.Kind.STARTED, lineage, Set.of()));
        tell(loop, new Loop.Attached(shard.number, true));
      }
    }
  }

  /** A connection wants its next page. */
  void walk(Walk walk) {
    if (walk.start == null) {
      replay.serve(walk);
    } else {
      resolver.resolve(walk, walk.start);
    }
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

  @Override
  public @Nullable MessageId position(int shard) {
    return shards[shard].reader.position();
  }

  @Override
  public void attached(ShardState state) {
    clock.heard(state.serverMillis());
    Shard shard = shards[state.shard()];
    tellAll(new Loop.Attached(shard.number, true));
    shard.reader.attached(state);
    sendOut(shard);
    retry();
  }

  @Override
  public void detached(int shard, String reason) {
    tellAll(new Loop.Attached(shard, false));
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
    clock.heard(serverMillis);
    Shard shard = shards[number];
    shard.reader.probed(head);
    sendOut(shard);
    retry();
  }

  private void retry() {
    replay.unpark().forEach(this::walk);
  }

  /** Hands what was decided to all loops, in one piece. */
  private void sendOut(Shard shard) {
    if (!outgoing.isEmpty()) {
      List<Event> events = outgoing;
      outgoing = new ArrayList<>();
      deliver(shard, events, shard.position());
    }
    resolver.unwait().forEach(this::walk);
  }

  private void deliver(Shard shard, List<Event> events, long upTo) {
    Tally tally = null;
    for (Event event : events) {
      if (event.entry().receipt() != null) {
        tally = tally == null ? new Tally(loops.size(), report) : tally;
        tally.expect(event);
      }
    }
    if (tally != null && loops.isEmpty()) {
      tally.finish();
    }
    Loop.Delivery delivery = new Loop.Delivery(shard.number, events, upTo, tally);
    for (Loop loop : loops) {
      loop.tell(delivery);
    }
  }

  /** Hands out what was decided up to there, before something else is told. */
  private void flush(Shard shard, long upTo) {
    List<Event> events = outgoing;
    outgoing = new ArrayList<>();
    deliver(shard, events, upTo);
  }

  private void tellAll(Loop.Notice notice) {
    for (Loop loop : loops) {
      loop.tell(notice);
    }
  }

  private Loop.ShardMoved moved(
      Shard shard, Loop.ShardMoved.Kind kind, Lineage lineage, Set<String> untouched) {
    return new Loop.ShardMoved(
        shard.number, kind, lineage, shard.position(), shard.version, untouched);
  }

  @Override
  public Shard shard(int number) {
    return shards[number];
  }

  @Override
  public void tell(Loop loop, Loop.Notice notice) {
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

  /** What a shard's reader decided. */
  private final class ReaderEffects implements ShardReader.Effects {
    private final int number;

    ReaderEffects(int number) {
      this.number = number;
    }

    @Override
    public void started(MessageId position) {
      changed(Loop.ShardMoved.Kind.STARTED, Set.of());
    }

    @Override
    public void deliver(Entry entry) {
      if (entry.kind() == Entry.Kind.CLEAR) {
        rings.cutBefore(entry.topic(), entry.predecessor());
        flush(shards[number], entry.sequence());
        return;
      }
      Event event = decode(entry);
      if (event == null) {
        rings.cutBefore(entry.topic(), entry.sequence());
        flush(shards[number], entry.sequence());
        return;
      }
      rings.append(event);
      outgoing.add(event);
    }

    @Override
    public void lost(long sequence, String topic, boolean cleared) {
      rings.cutBefore(topic, sequence);
      // Told before the position passes it: no cursor may name it as served.
      flush(shards[number], sequence - 1);
      tellAll(
          new Loop.Lost(
              number,
              sequence,
              new Reset(cleared ? Reset.Reason.CLEARED : Reset.Reason.TRIMMED, List.of(topic))));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // its failure is an argument of the step
    public void readMissed(int ticket, String epoch, long after, int limit) {
      metrics.backfill();
      backplane
          .readMissed(number, epoch, after, limit)
          .whenComplete(
              (missed, failure) -> {
                Shard shard = shards[number];
                if (failure == null) {
                  shard.reader.missed(ticket, missed);
                  sendOut(shard);
                } else {
                  shard.reader.readFailed(ticket);
                }
              });
    }

    @Override
    public void jumped(long from, MessageId to) {
      flush(shards[number], from);
      rings.restart(number, to.sequence());
      changed(Loop.ShardMoved.Kind.JUMPED, Set.of());
    }

    @Override
    public void rewound(MessageId end) {
      Set<String> untouched = rings.untouchedBeyond(number, end.sequence());
      rings.rewind(number, end.sequence());
      shards[number].version++;
      metrics.generation();
      changed(Loop.ShardMoved.Kind.REWOUND, untouched);
    }

    @Override
    public void newEpoch(MessageId start) {
      rings.restart(number, 0);
      shards[number].version++;
      metrics.epoch();
      changed(Loop.ShardMoved.Kind.NEW_EPOCH, Set.of());
    }

    @Override
    public void newGeneration(MessageId position) {
      metrics.generation();
      changed(Loop.ShardMoved.Kind.NEW_GENERATION, Set.of());
    }

    @Override
    public void reattach() {
      backplane.reattach(number);
    }

    private void changed(Loop.ShardMoved.Kind kind, Set<String> untouched) {
      Shard shard = shards[number];
      Lineage lineage = shard.lineage();
      if (lineage != null) {
        tellAll(moved(shard, kind, lineage, untouched));
      }
    }
  }

  @Override
  public String toString() {
    return Arrays.stream(shards)
        .map(s -> String.valueOf(s.reader.position()))
        .collect(Collectors.joining(","));
  }
}
