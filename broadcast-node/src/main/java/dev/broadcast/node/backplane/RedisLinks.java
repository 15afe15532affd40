package dev.broadcast.node.backplane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A node's links to all the Redis there is: one to a single server or to the master of sentinels,
 * one to each of several servers, one for each shard to its slot's master in a Cluster. Only on the
 * hub thread.
 */
final class RedisLinks {
  private final RedisDriver driver;
  private final List<RedisLink> links = new ArrayList<>();

  /**
   * Links; they connect when they are told to.
   *
   * @param loop as {@link RedisDriver} takes it
   */
  RedisLinks(
      RedisSettings redis,
      BackplaneSettings settings,
      List<RedisKeys> shards,
      HubThread hubThread,
      @Nullable Executor loop) {
    this.driver = new RedisDriver(redis, loop);
    RedisTopology topology = redis.topology();
    List<RedisAddress> servers = topology.servers();
    var asker = new RedisAsker(driver, hubThread);
    var check = new ServerCheck(topology.kind(), redis.waitReplicas(), null);
    switch (topology.kind()) {
      case ONE -> add(hubThread, RedisLocator.fixed(servers.get(0)), check);
      case SENTINEL -> add(hubThread, new SentinelLocator(asker::ask, topology, redis), check);
      case CLUSTER -> {
        var map = new ClusterMap(asker, servers);
        shards.forEach(keys -> add(hubThread, map.slot(keys.slot()), check));
      }
      case SEVERAL -> {
        for (int i = 0; i < servers.size(); i++) {
          var place = new RedisPlace(settings.prefix(), i, servers.size());
          add(
              hubThread,
              RedisLocator.fixed(servers.get(i)),
              new ServerCheck(topology.kind(), redis.waitReplicas(), place));
        }
      }
    }
  }

  private void add(HubThread hubThread, RedisLocator locator, ServerCheck check) {
    links.add(new RedisLink(driver, locator, check, hubThread));
  }

  RedisLink of(int shard) {
    return links.get(shard % links.size());
  }

  /** Of every link. */
  void use(RedisLink.User user) {
    links.forEach(link -> link.use(user));
  }

  void open() {
    links.forEach(RedisLink::open);
  }

  void tick(long now) {
    links.forEach(link -> link.tick(now));
  }

  CompletableFuture<Void> close() {
    links.forEach(RedisLink::close);
    return driver.close();
  }
}
