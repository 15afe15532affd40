package dev.broadcast.node.backplane;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The backplane of a node that stands alone: everything lives in this process and ends with it.
 *
 * <p>All state belongs to the hub thread. What is published while it is busy is stored together and
 * told to the {@link Feed} in one call a shard.
 */
public final class MemoryBackplane implements Backplane {
  private static final PublishOutcome CLOSED = new PublishOutcome.NotStored("the node is closed");

  private final BackplaneSettings settings;
  private final HubThread hubThread;
  private final InstantSource clock;
  private final List<MemoryShard> shards = new ArrayList<>();
  private final List<List<Entry>> live = new ArrayList<>();
  private final HandOff<Waiting> waiting;
  private volatile @Nullable Feed feed;
  private volatile boolean closed;

  /**
   * @param hubThread runs one task at a time, in the order given
   * @param clock what timestamps and ages are measured with
   */
  public MemoryBackplane(BackplaneSettings settings, Executor hubThread, InstantSource clock) {
    this(settings, hubThread, hubThread, clock);
  }

  /**
   * The same on a thread that has sockets to look after, too.
   *
   * @param nextTurn runs a step on the hub thread once it has done so
   */
  public MemoryBackplane(
      BackplaneSettings settings, Executor hubThread, Executor nextTurn, InstantSource clock) {
    this.settings = settings;
    this.hubThread = new HubThread(hubThread, nextTurn);
    this.clock = clock;
    this.waiting =
        new HandOff<>(this.hubThread, this::storeAll, refused -> refused.outcome.complete(CLOSED));
    var tokens = new Tokens();
    for (int shard = 0; shard < settings.shards(); shard++) {
      shards.add(new MemoryShard(shard, settings, tokens));
      live.add(new ArrayList<>());
    }
  }

  @Override
  public int shards() {
    return settings.shards();
  }

  @Override
  public int shardOf(String topic) {
    return settings.shardOf(topic);
  }

  @Override
  public CompletableFuture<Boolean> start(Feed to) {
    return hubThread.call(
        () -> {
          feed = to;
          shards.forEach(shard -> to.attached(shard.state(clock.millis())));
          return true;
        });
  }

  @Override
  public CompletableFuture<PublishOutcome> publish(Publication publication) {
    return store(publication.topic(), publication);
  }

  @Override
  public CompletableFuture<PublishOutcome> clear(String topic) {
    return store(topic, null);
  }

  @Override
  public CompletableFuture<HistoryRead> read(
      int shard, String epoch, List<String> topics, long after, int limit) {
    return hubThread.call(
        () -> shards.get(shard).read(epoch, topics, after, limit, clock.millis()));
  }

  @Override
  public CompletableFuture<HistoryRead> readLast(String topic, int limit) {
    return hubThread.call(() -> shards.get(shardOf(topic)).readLast(topic, limit, clock.millis()));
  }

  @Override
  public CompletableFuture<List<Long>> kept(List<String> topics) {
    return hubThread.call(
        () ->
            topics.stream()
                .map(topic -> shards.get(shardOf(topic)).kept(topic, clock.millis()))
                .toList());
  }

  @Override
  public CompletableFuture<Missed> readMissed(int shard, String epoch, long after, int limit) {
    return hubThread.call(() -> shards.get(shard).readMissed(epoch, after, limit, clock.millis()));
  }

  @Override
  public CompletableFuture<ShardState> state(int shard) {
    return hubThread.call(() -> shards.get(shard).state(clock.millis()));
  }

  @Override
  public void reattach(int shard) {
    hubThread.run(
        () -> {
          Feed to = feed;
          if (to != null) {
            to.attached(shards.get(shard).state(clock.millis()));
          }
        });
  }

  @Override
  public Health health() {
    boolean ready = feed != null && !closed;
    return new Health(ready, ready ? "in-process" : "in-process, not running");
  }

  @Override
  public CompletableFuture<Void> close() {
    closed = true;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Figures figures() {
    return new Figures(idempotencyKeysDroppedEarly(), 0, -1);
  }

  /** Idempotency keys that were forgotten before their time, because there were too many. */
  public long idempotencyKeysDroppedEarly() {
    return shards.stream().mapToLong(MemoryShard::earlyDrops).sum();
  }

  private CompletableFuture<PublishOutcome> store(String topic, @Nullable Publication publication) {
    var waits = new Waiting(topic, publication, new CompletableFuture<>());
    waiting.offer(waits);
    return waits.outcome;
  }

  private void storeAll(List<Waiting> batch) {
    List<PublishOutcome> outcomes = new ArrayList<>(batch.size());
    long now = clock.millis();
    for (Waiting next : batch) {
      outcomes.add(store(next, now));
    }
    // First the answers: a fan-out takes long, and what their publishers send next comes meanwhile
    // and leaves together.
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).outcome.complete(outcomes.get(i));
    }
    for (int shard = 0; shard < live.size(); shard++) {
      deliver(shard);
    }
  }

  private PublishOutcome store(Waiting next, long now) {
    if (closed) {
      return CLOSED;
    }
    int shard = shardOf(next.topic);
    return next.publication == null
        ? shards.get(shard).clear(next.topic, now, live.get(shard))
        : shards.get(shard).publish(next.publication, now, live.get(shard));
  }

  private void deliver(int shard) {
    List<Entry> entries = live.get(shard);
    if (entries.isEmpty()) {
      return;
    }
    live.set(shard, new ArrayList<>());
    Feed to = feed;
    if (to != null) {
      // Guarded: what the other shards have must still be told.
      HubThread.guarded(() -> to.received(shard, entries));
    }
  }

  /** A publish that waits for the hub thread, or, without a publication, a clearing. */
  private record Waiting(
      String topic, @Nullable Publication publication, CompletableFuture<PublishOutcome> outcome) {}
}
