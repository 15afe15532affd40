package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.BackplaneException;
import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.Feed;
import dev.broadcast.node.backplane.HistoryRead;
import dev.broadcast.node.backplane.Missed;
import dev.broadcast.node.backplane.Publication;
import dev.broadcast.node.backplane.PublishOutcome;
import dev.broadcast.node.backplane.ShardState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node's way to the simulated Redis: three connections, which come and go one by one. */
final class SimBackplane implements Backplane {
  private final String name;
  private final SimScheduler scheduler;
  final SimRedis redis;
  private final SimScheduler.Actor hubThread;
  private final SimScheduler.Actor channel;
  private final SimAttachment[] shards;
  final SimLink commands;
  private final SimLink reads;
  private final SimLink channels;
  private final SimRedis.Subscriber subscriber = this::heardOnChannel;
  private int commandsRun;

  /** Whom it feeds, once it was started. */
  @Nullable Feed feed;

  /** Whether it hears the channels. */
  boolean subscribed;

  /** One read in so many fails; 0 for none. */
  int readFailures;

  SimBackplane(
      String name,
      int shardCount,
      SimScheduler scheduler,
      SimRedis redis,
      SimScheduler.Actor hubThread) {
    this.name = name;
    this.scheduler = scheduler;
    this.redis = redis;
    this.hubThread = hubThread;
    channel = scheduler.actor(name + " channel");
    shards = new SimAttachment[shardCount];
    for (int i = 0; i < shardCount; i++) {
      shards[i] = new SimAttachment(this, i);
    }
    commands = new SimLink(name + " commands", scheduler, redis, hubThread, new Commands());
    reads = new SimLink(name + " reads", scheduler, redis, hubThread, new Reads());
    channels = new SimLink(name + " channels", scheduler, redis, hubThread, new Channels());
  }

  private void heardOnChannel(int shard, SimRedis.Frame frame) {
    channel.execute(() -> hubThread.execute(() -> shards[shard].heard(frame)));
  }

  private final class Commands implements SimLink.User {
    @Override
    public void up() {
      for (SimAttachment shard : shards) {
        shard.known = null;
        shard.attaching = false;
        shard.again = false;
        shard.attach();
      }
    }

    @Override
    public void down() {
      for (SimAttachment shard : shards) {
        shard.known = null;
        shard.attaching = false;
      }
    }
  }

  private static final class Reads implements SimLink.User {
    @Override
    public void up() {}

    @Override
    public void down() {}
  }

  private final class Channels implements SimLink.User {
    @Override
    public void up() {
      channels.<Boolean>request(
          () -> redis.subscribers.add(subscriber),
          (done, failure) -> {
            if (done != null) {
              subscribed = true;
              for (SimAttachment shard : shards) {
                shard.held.clear();
                shard.attach();
              }
            }
          });
    }

    @Override
    public void down() {
      subscribed = false;
      for (SimAttachment shard : shards) {
        shard.held.clear();
        if (shard.fed && feed != null) {
          shard.fed = false;
          feed.detached(shard.number, "cut");
        }
      }
    }
  }

  /** A shard's state was read: reads go to the same Redis from now on. */
  void attachedByCommands() {
    commandsRun = commands.run();
  }

  // What happens to it.

  void connect() {
    commands.connect();
    reads.connect();
    channels.connect();
  }

  void cutCommands() {
    commands.cut();
  }

  void cutReads() {
    reads.cut();
  }

  /** What is on its way on the channel is lost, from some point on. */
  void cutChannel() {
    redis.subscribers.remove(subscriber);
    int keep = scheduler.random.nextInt(channel.waiting() + 1);
    List<Runnable> arrived = new ArrayList<>();
    for (Runnable next = channel.take(); next != null; next = channel.take()) {
      arrived.add(next);
    }
    arrived.subList(0, keep).forEach(Runnable::run);
    channels.cut();
  }

  /** Half-open: bytes vanish both ways, and nobody is told. */
  void vanish() {
    redis.subscribers.remove(subscriber);
    channels.vanish();
    commands.vanish();
    if (scheduler.oneIn(2)) {
      reads.vanish();
    }
  }

  /** Frames and probes vanish; what is asked is answered. */
  void vanishChannel() {
    redis.subscribers.remove(subscriber);
    channels.vanish();
  }

  /** The node notices a silence and cuts what it comes from. */
  void noticeSilence() {
    if (channels.silent()) {
      cutChannel();
    }
    commands.cutIfSilent();
    reads.cutIfSilent();
  }

  void cutAll() {
    cutCommands();
    cutReads();
    cutChannel();
  }

  void kill() {
    redis.subscribers.remove(subscriber);
    channel.clear();
    commands.kill();
    reads.kill();
    channels.kill();
    feed = null;
  }

  void probe() {
    hubThread.execute(
        () -> {
          for (SimAttachment shard : shards) {
            if (shard.known() == null) {
              shard.attach();
            } else {
              shard.probe();
            }
          }
        });
  }

  boolean attached() {
    for (SimAttachment shard : shards) {
      if (!shard.fed) {
        return false;
      }
    }
    return true;
  }

  // The contract.

  @Override
  public int shards() {
    return shards.length;
  }

  @Override
  public int shardOf(String topic) {
    return SimWorld.shardOf(topic, shards.length);
  }

  @Override
  public CompletableFuture<Boolean> start(Feed to) {
    feed = to;
    connect();
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public CompletableFuture<PublishOutcome> publish(Publication publication) {
    return store(
        new SimRedis.Item(
            Entry.Kind.MESSAGE, publication.topic(), publication.payload(), publication.receipt()));
  }

  @Override
  public CompletableFuture<PublishOutcome> clear(String topic) {
    return store(new SimRedis.Item(Entry.Kind.CLEAR, topic, new byte[0], null));
  }

  private CompletableFuture<PublishOutcome> store(SimRedis.Item item) {
    CompletableFuture<PublishOutcome> result = new CompletableFuture<>();
    hubThread.execute(
        () -> {
          SimAttachment shard = shards[shardOf(item.topic())];
          ShardState state = shard.known();
          if (state == null) {
            result.complete(new PublishOutcome.NotStored("not attached"));
            return;
          }
          commands.<List<Entry>>request(
              () -> redis.publish(shard.number, state.epoch(), state.generation(), List.of(item)),
              (entries, failure) -> {
                if (entries != null) {
                  Entry entry = entries.get(0);
                  result.complete(new PublishOutcome.Stored(entry.id(), entry.timestamp(), false));
                } else {
                  result.complete(new PublishOutcome.NotStored("stale or lost"));
                  if (failure == null) {
                    shard.attach();
                  }
                }
              });
        });
    return result;
  }

  /** Something read from a shard, null where Redis has no state of it. */
  private <T> CompletableFuture<T> ask(int number, Function<SimShard, T> script) {
    CompletableFuture<T> result = new CompletableFuture<>();
    hubThread.execute(
        () -> {
          if (readFailures > 0 && scheduler.oneIn(readFailures)) {
            hubThread.execute(
                () -> result.completeExceptionally(new BackplaneException("a read that fails")));
            return;
          }
          boolean same = reads.connected() && reads.run() == commandsRun;
          SimLink link = same ? reads : commands;
          link.<Object[]>request(
              () -> {
                SimShard shard = redis.shard(number);
                return shard == null ? new Object[0] : new Object[] {script.apply(shard)};
              },
              (answer, failure) -> {
                if (answer == null) {
                  result.completeExceptionally(new BackplaneException(String.valueOf(failure)));
                } else if (answer.length == 0) {
                  shards[number].attach();
                  result.completeExceptionally(new BackplaneException("no state"));
                } else {
                  @SuppressWarnings("unchecked")
                  T value = (T) answer[0];
                  result.complete(value);
                }
              });
        });
    return result;
  }

  @Override
  public CompletableFuture<HistoryRead> read(
      int shard, String epoch, List<String> topics, long after, int limit) {
    return ask(shard, s -> s.read(epoch, topics, after, limit));
  }

  @Override
  public CompletableFuture<List<Long>> kept(List<String> topics) {
    throw new UnsupportedOperationException("nobody looks at the figures of a simulated topic");
  }

  @Override
  public Figures figures() {
    throw new UnsupportedOperationException("nobody looks at the figures of a simulation");
  }

  @Override
  public CompletableFuture<HistoryRead> readLast(String topic, int limit) {
    return ask(shardOf(topic), s -> s.readLast(topic, limit));
  }

  @Override
  public CompletableFuture<Missed> readMissed(int shard, String epoch, long after, int limit) {
    return ask(shard, s -> s.log(epoch, after, limit))
        .thenCompose(
            page ->
                page.topics().isEmpty()
                    ? CompletableFuture.completedFuture(
                        new Missed(page.state(), page.startsAfter(), List.of()))
                    : ask(shard, s -> s.entries(page)));
  }

  @Override
  public CompletableFuture<ShardState> state(int shard) {
    return ask(shard, SimShard::state);
  }

  @Override
  public void reattach(int shard) {
    hubThread.execute(() -> shards[shard].attach());
  }

  @Override
  public Health health() {
    return new Health(attached(), name);
  }

  @Override
  public CompletableFuture<Void> close() {
    return CompletableFuture.completedFuture(null);
  }
}
