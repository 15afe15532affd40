package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.MessageId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Carries out what a shard's reader decides: rings, loops, reads. Only on the hub thread. */
final class ShardEffects implements ShardReader.Effects {
  private final Shard shard;
  private final Backplane backplane;
  private final Rings rings;
  private final Outbox outbox;
  private final HubMetrics metrics;
  private final Function<Entry, @Nullable Event> decode;
  private final Consumer<Shard> moved;

  /**
   * For one shard.
   *
   * @param moved to be called when the shard's position may have moved
   */
  ShardEffects(
      Shard shard,
      Backplane backplane,
      Rings rings,
      Outbox outbox,
      HubMetrics metrics,
      Function<Entry, @Nullable Event> decode,
      Consumer<Shard> moved) {
    this.shard = shard;
    this.backplane = backplane;
    this.rings = rings;
    this.outbox = outbox;
    this.metrics = metrics;
    this.decode = decode;
    this.moved = moved;
  }

  @Override
  public void started(MessageId position) {
    shard.recent.restart(position.sequence());
    changed(Notice.ShardMoved.Kind.STARTED, Optional.empty());
  }

  @Override
  public void deliver(Entry entry) {
    shard.recent.add(entry.topic());
    if (entry.kind() == Entry.Kind.CLEAR) {
      rings.cutBefore(entry.topic(), entry.predecessor());
      outbox.send(shard.number, entry.sequence());
      return;
    }
    Event event = decode.apply(entry);
    if (event == null) {
      rings.cutBefore(entry.topic(), entry.sequence());
      outbox.send(shard.number, entry.sequence());
      return;
    }
    rings.append(event);
    outbox.add(event);
  }

  @Override
  public void lost(long sequence, String topic, boolean cleared) {
    shard.recent.add(topic);
    rings.cutBefore(topic, sequence);
    // Told before the position passes it: no cursor may name it as served.
    outbox.send(shard.number, sequence - 1);
    outbox.tell(
        new Notice.Lost(
            shard.number,
            sequence,
            new Reset(cleared ? Reset.Reason.CLEARED : Reset.Reason.TRIMMED, List.of(topic))));
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // its failure is an argument of the step
  public void readMissed(int ticket, String epoch, long after, int limit) {
    metrics.backfill();
    backplane
        .readMissed(shard.number, epoch, after, limit)
        .whenComplete(
            (missed, failure) -> {
              if (failure == null) {
                shard.reader.missed(ticket, missed);
                moved.accept(shard);
              } else {
                shard.reader.readFailed(ticket);
              }
            });
  }

  @Override
  public void jumped(long from, MessageId to) {
    outbox.send(shard.number, from);
    rings.restart(shard.number, to.sequence());
    shard.recent.restart(to.sequence());
    changed(Notice.ShardMoved.Kind.JUMPED, Optional.empty());
  }

  @Override
  public void rewound(MessageId end) {
    Optional<Set<String>> touched = shard.recent.goBack(end.sequence());
    rings.rewind(shard.number, end.sequence());
    shard.version++;
    metrics.generation();
    changed(Notice.ShardMoved.Kind.REWOUND, touched);
  }

  @Override
  public void newEpoch(MessageId start) {
    rings.restart(shard.number, 0);
    shard.recent.restart(0);
    shard.version++;
    metrics.epoch();
    changed(Notice.ShardMoved.Kind.NEW_EPOCH, Optional.empty());
  }

  @Override
  public void newGeneration(MessageId position) {
    metrics.generation();
    changed(Notice.ShardMoved.Kind.NEW_GENERATION, Optional.empty());
  }

  @Override
  public void reattach() {
    backplane.reattach(shard.number);
  }

  private void changed(Notice.ShardMoved.Kind kind, Optional<Set<String>> touched) {
    Lineage lineage = shard.lineage();
    if (lineage != null) {
      outbox.tell(shard.moved(kind, lineage, touched));
    }
  }
}
