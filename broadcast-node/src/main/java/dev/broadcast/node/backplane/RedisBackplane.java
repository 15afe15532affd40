package dev.broadcast.node.backplane;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backplane of a cluster: a Redis that carries messages and holds their history.
 *
 * <p>All state belongs to the hub thread. Frames are taken apart on the driver's thread, everything
 * else happens on the hub's.
 */
public final class RedisBackplane implements Backplane {
  private static final Logger LOG = LoggerFactory.getLogger(RedisBackplane.class);
  private static final long TICK_MILLIS = 50;

  /**
   * A start ends its wait as soon as Redis was reached or was not; this is for what never says. At
   * two seconds a JVM that had just begun, on a busy machine, had not yet read what Redis answered.
   */
  private static final Duration DECIDED_WITHIN = Duration.ofSeconds(10);

  private final BackplaneSettings settings;
  private final HubThread hubThread;
  private final RedisLinks links;
  private final RedisShards shards;
  private final HandOff<PublishItem> published;
  private final ScheduledExecutorService timer;
  private final RedisRoster roster;
  private final RedisTickets tickets;
  private final RedisVocabulary vocabulary;
  private final RedisVigil vigil;
  private final AtomicLong malformed = new AtomicLong();

  /**
   * @param url as {@link RedisSettings} takes it
   * @param hubThread runs one task at a time, in the order given
   * @throws IllegalArgumentException if the URL is none
   */
  public RedisBackplane(BackplaneSettings settings, String url, Executor hubThread) {
    this(settings, RedisSettings.of(url), hubThread, hubThread, null);
  }

  /**
   * The same, with the connections on a thread that is there anyway.
   *
   * @param nextTurn runs a step on the hub thread once that has looked after its sockets
   * @param loop a Netty event loop, best the one that the hub thread is; null for threads of its
   *     own
   */
  public RedisBackplane(
      BackplaneSettings settings,
      RedisSettings redis,
      Executor hubThread,
      Executor nextTurn,
      @Nullable Executor loop) {
    this.settings = settings;
    this.hubThread = new HubThread(hubThread, nextTurn);
    redis.check(settings.shards());
    List<RedisKeys> keys =
        IntStream.range(0, settings.shards())
            .mapToObj(shard -> new RedisKeys(settings.prefix(), shard, settings.shards()))
            .toList();
    this.links = new RedisLinks(redis, settings, keys, this.hubThread, loop);
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var thread = new Thread(task, "broadcast-backplane-timer");
              thread.setDaemon(true);
              return thread;
            });
    var tokens = new Tokens();
    this.shards =
        new RedisShards(keys, settings, redis.waitReplicas(), links, this.hubThread, tokens);
    this.vigil = shards.vigil();
    this.published =
        new HandOff<>(
            this.hubThread,
            shards::publish,
            item -> item.answer(new PublishOutcome.NotStored("the node is closed")));
    for (int i = 0; i < settings.shards(); i++) {
      int shard = i;
      links.of(shard).subscribe(keys.get(shard).channel(), bytes -> heard(shard, bytes));
    }
    RedisLink first = links.of(0);
    this.roster = new RedisRoster(settings.nodeId(), keys.get(0), first, this.hubThread, tokens);
    var calls = new RedisCalls(first, this.hubThread);
    this.tickets = new RedisTickets(keys.get(0), calls);
    this.vocabulary = new RedisVocabulary(keys.get(0), calls);
  }

  /** The roster that uses the same connections; closed with this. */
  public Roster roster() {
    return roster;
  }

  /** The vocabulary that uses the same connections; closed with this. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The tickets that use the same connections; closed with this. */
  public Tickets tickets() {
    return tickets;
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
  public CompletableFuture<Boolean> start(Feed feed) {
    hubThread.run(
        () -> {
          shards.start(feed);
          links.open();
          var unused =
              timer.scheduleWithFixedDelay(
                  () -> hubThread.run(this::tick), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
          hubThread.later(DECIDED_WITHIN, () -> vigil.started().complete(false));
        });
    return vigil.started();
  }

  @Override
  public void reattach(int shard) {
    hubThread.run(() -> shards.get(shard).attachment.attach());
  }

  @Override
  public CompletableFuture<PublishOutcome> publish(Publication publication) {
    return add(publication.topic(), publication);
  }

  @Override
  public CompletableFuture<PublishOutcome> clear(String topic) {
    return add(topic, null);
  }

  @Override
  public CompletableFuture<HistoryRead> read(
      int shard, String epoch, List<String> topics, long after, int limit) {
    return hubThread.compose(() -> shards.get(shard).reader.read(epoch, topics, after, limit));
  }

  @Override
  public CompletableFuture<HistoryRead> readLast(String topic, int limit) {
    return hubThread.compose(() -> shards.of(topic).reader.readLast(topic, limit));
  }

  @Override
  public CompletableFuture<List<Long>> kept(List<String> topics) {
    return hubThread.compose(() -> shards.kept(topics));
  }

  @Override
  public CompletableFuture<Missed> readMissed(int shard, String epoch, long after, int limit) {
    return hubThread.compose(() -> shards.get(shard).reader.missed(epoch, after, limit));
  }

  @Override
  public CompletableFuture<ShardState> state(int shard) {
    return hubThread.compose(() -> shards.get(shard).reader.state());
  }

  @Override
  public Health health() {
    return vigil.health();
  }

  @Override
  public CompletableFuture<Void> close() {
    vigil.close();
    timer.shutdownNow();
    return hubThread
        .call(
            () -> {
              vigil.started().complete(false);
              shards.close();
              return null;
            })
        .handle((done, failure) -> null)
        .thenCompose(done -> links.close());
  }

  @Override
  public Figures figures() {
    return new Figures(idempotencyKeysDroppedEarly(), malformed.get(), shards.roundTripNanos());
  }

  /** Idempotency keys that were forgotten before their time, because there were too many. */
  public long idempotencyKeysDroppedEarly() {
    return shards.keysDroppedEarly();
  }

  private CompletableFuture<PublishOutcome> add(String topic, @Nullable Publication publication) {
    // A tick early, so that the answer is there within the deadline.
    long within = settings.publishDeadline().toNanos() - TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    var item = new PublishItem(topic, publication, System.nanoTime() + within);
    published.offer(item);
    return item.outcome();
  }

  /** On the driver's thread. */
  private void heard(int shard, byte[] bytes) {
    Frame frame;
    try {
      frame = Frame.parse(shard, bytes);
    } catch (IllegalArgumentException e) {
      if (malformed.getAndIncrement() == 0) {
        LOG.warn("somebody else writes to the channel of shard {}: {}", shard, e.getMessage());
      }
      return;
    }
    hubThread.run(() -> shards.get(shard).attachment.heard(frame));
  }

  private void tick() {
    if (vigil.isClosed()) {
      return;
    }
    long now = System.nanoTime();
    links.tick(now);
    shards.tick(now);
    roster.tick(now);
  }
}
