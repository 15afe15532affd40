package dev.broadcast.node.backplane;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All sequences of a node, and what has to be done for each of them. Only on the hub thread unless
 * said otherwise.
 */
final class RedisShards {
  private final BackplaneSettings settings;
  private final List<RedisShard> all = new ArrayList<>();
  private final RedisVigil vigil = new RedisVigil(all);

  /**
   * Not attached yet.
   *
   * @param keys of each
   */
  RedisShards(
      List<RedisKeys> keys,
      BackplaneSettings settings,
      int waitReplicas,
      RedisLinks links,
      HubThread hubThread,
      Tokens tokens) {
    this.settings = settings;
    for (int i = 0; i < keys.size(); i++) {
      RedisLink link = links.of(i);
      var shard =
          new RedisShard(
              i, keys.get(i), settings, waitReplicas, link, hubThread, tokens, new Progress(i));
      all.add(shard);
      link.use(shard);
    }
    links.use(vigil);
  }

  /** Watches over them; from any thread. */
  RedisVigil vigil() {
    return vigil;
  }

  RedisShard get(int shard) {
    return all.get(shard);
  }

  RedisShard of(String topic) {
    return all.get(settings.shardOf(topic));
  }

  void start(Feed feed) {
    all.forEach(shard -> shard.attachment.start(feed));
  }

  void publish(List<PublishItem> items) {
    for (PublishItem item : items) {
      of(item.topic()).publisher.add(item);
    }
    all.forEach(shard -> shard.publisher.pump());
  }

  CompletableFuture<List<Long>> kept(List<String> topics) {
    Map<Integer, List<String>> byShard = new TreeMap<>();
    topics.forEach(
        topic ->
            byShard.computeIfAbsent(settings.shardOf(topic), s -> new ArrayList<>()).add(topic));
    Map<String, Long> counts = new ConcurrentHashMap<>();
    List<CompletableFuture<Void>> reads = new ArrayList<>();
    byShard.forEach(
        (shard, names) -> reads.add(get(shard).reader.kept(names).thenAccept(counts::putAll)));
    return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
        .thenApply(done -> topics.stream().map(t -> counts.getOrDefault(t, 0L)).toList());
  }

  void tick(long now) {
    all.forEach(shard -> shard.tick(now));
    vigil.judge(now);
  }

  void close() {
    all.forEach(RedisShard::close);
  }

  /** Idempotency keys that were forgotten before their time; from any thread. */
  long keysDroppedEarly() {
    return all.stream().mapToLong(shard -> shard.publisher.keysDroppedEarly()).sum();
  }

  /** The longest that Redis took to answer a shard's last probe; from any thread. */
  long roundTripNanos() {
    return all.stream().mapToLong(shard -> shard.attachment.roundTripNanos()).max().orElse(-1);
  }

  /** What becomes of one shard's attachment. */
  private final class Progress implements RedisAttachment.Owner {
    private final int shard;

    private Progress(int shard) {
      this.shard = shard;
    }

    @Override
    public void attached() {
      if (shard == 0) {
        all.forEach(each -> each.attachment.admit());
      }
      get(shard).publisher.pump();
    }

    @Override
    public void ready() {
      vigil.ready();
    }

    @Override
    public void failed(String reason) {
      vigil.failed(shard, reason);
    }

    @Override
    public void refused(String reason) {
      vigil.refused(reason);
    }
  }
}
