package dev.broadcast.node.hub;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens in a simulated world that no thread of it asked for. */
final class SimTroubles {
  private static final Duration RECEIPT = Duration.ofMillis(100);

  private final SimWorld world;
  private final SimScheduler scheduler;
  private final SimRedis redis;
  private final int trouble;
  private final boolean calm;
  private boolean killed;
  private int published;

  SimTroubles(SimWorld world) {
    this.world = world;
    scheduler = world.scheduler;
    redis = world.redis;
    trouble = 1 + scheduler.random.nextInt(5);
    calm = scheduler.oneIn(3);
  }

  /** Whether a node died, and with it what waited on it. */
  boolean killed() {
    return killed;
  }

  void happen() {
    int what = scheduler.random.nextInt(100);
    SimNode node = scheduler.pick(world.nodes);
    if (what < 40) {
      publishAny(node);
    } else if (what < 69) {
      clientActs(scheduler.pick(world.clients), node);
    } else if (what < 77) {
      if (node.alive()) {
        node.backplane().probe();
        if (scheduler.oneIn(3)) {
          node.backplane().noticeSilence();
        }
      }
    } else if (what < 82) {
      scheduler.advance(scheduler.random.nextInt(150_000_000));
      world.nodes.stream().filter(SimNode::alive).forEach(n -> n.hub().tick());
    } else if (what < 88) {
      if (node.alive()) {
        node.backplane().connect();
      }
    } else if (what < 92) {
      if (scheduler.oneIn(trouble) && node.alive()) {
        connectionSuffers(node.backplane());
      }
    } else if (what < 94) {
      if (scheduler.oneIn(trouble)) {
        nodeSuffers(node);
      }
    } else if (!calm && scheduler.oneIn(trouble)) {
      redisSuffers();
    }
  }

  private void publishAny(SimNode node) {
    String topic = scheduler.pick(SimWorld.TOPICS);
    if (!node.alive()) {
      return;
    }
    if (scheduler.oneIn(25)) {
      world.trace(() -> node.name + " clears " + topic);
      var unused = node.hub().clearHistory(topic);
      return;
    }
    String type = scheduler.oneIn(2) ? null : scheduler.pick(SimWorld.TYPES);
    List<String> to = scheduler.oneIn(8) ? someIds() : List.of();
    List<String> exclude = scheduler.oneIn(8) ? someIds() : List.of();
    boolean receipt = scheduler.oneIn(8);
    int times = scheduler.oneIn(5) ? 2 + scheduler.random.nextInt(8) : 1;
    for (int i = 0; i < times; i++) {
      publish(node, topic, type, to, exclude, receipt);
    }
  }

  private List<String> someIds() {
    SimClient client = scheduler.pick(world.clients);
    List<String> ids = List.copyOf(client.ids);
    return ids.isEmpty() ? List.of("nobody") : List.of(ids.get(ids.size() - 1));
  }

  private void publish(
      SimNode node,
      String topic,
      @Nullable String type,
      List<String> to,
      List<String> exclude,
      boolean receipt) {
    String text = "m" + ++published;
    world.count("published");
    world.trace(
        () ->
            node.name
                + " publishes "
                + text
                + " to "
                + topic
                + (type == null ? "" : " " + type)
                + (to.isEmpty() ? "" : " to " + to)
                + (exclude.isEmpty() ? "" : " but " + exclude));
    Message message = new Message(topic, type, Data.text(text), List.of(), null, exclude, to);
    var unused = node.hub().publish(message, null, receipt ? RECEIPT : null);
  }

  private void clientActs(SimClient client, SimNode node) {
    if (!client.connected()) {
      if (node.alive()) {
        client.connect(node);
      }
      return;
    }
    switch (scheduler.random.nextInt(13)) {
      case 0 -> client.cut();
      case 1, 2, 3, 4 -> client.stall();
      case 5, 6, 7, 8, 9 -> client.flow();
      case 10 -> client.drip();
      default -> {
        client.cut();
        if (node.alive()) {
          client.connect(node);
        }
      }
    }
  }

  private void connectionSuffers(SimBackplane backplane) {
    int what = scheduler.random.nextInt(8);
    world.trace(() -> backplane.health().detail() + " suffers " + what);
    switch (what) {
      case 0 -> backplane.cutCommands();
      case 1 -> backplane.cutReads();
      case 2 -> backplane.cutAll();
      case 3 -> backplane.readFailures = backplane.readFailures == 0 ? 3 : 0;
      case 4 -> backplane.vanish();
      case 5 -> backplane.vanishChannel();
      default -> {
        backplane.cutChannel();
        if (scheduler.oneIn(2)) {
          backplane.connect();
        }
      }
    }
  }

  private void nodeSuffers(SimNode node) {
    int what = scheduler.random.nextInt(10);
    if (!node.alive()) {
      world.trace(() -> node.name + " starts");
      node.start();
    } else if (what < 4) {
      world.trace(() -> node.name + " stands still");
      node.freeze(true);
    } else if (what < 7) {
      world.trace(() -> node.name + " goes on");
      node.freeze(false);
    } else if (what < 9) {
      kill(node);
      if (scheduler.oneIn(2)) {
        node.start();
      }
    } else if (!node.draining()) {
      drain(node);
    }
  }

  private void kill(SimNode node) {
    world.trace(() -> node.name + " is killed");
    world.clients.stream().filter(client -> client.node() == node).forEach(SimClient::cut);
    killed = true;
    node.kill();
  }

  private void drain(SimNode node) {
    world.trace(() -> node.name + " says goodbye");
    world.count("drained");
    ClusterHub hub = node.hub();
    node.drain(
        () -> {
          if (node.alive() && node.hub() == hub) {
            kill(node);
            node.start();
          }
        });
  }

  private void redisSuffers() {
    int what = scheduler.random.nextInt(14);
    if (what < 4) {
      redis.save();
    } else if (what < 7) {
      redis.replicate();
    } else if (what == 7) {
      long by = scheduler.random.nextLong(-600, 600);
      world.trace(() -> "Redis' clock is set by " + by + " ms");
      redis.skew(by);
    } else if (!redis.up()) {
      world.trace(() -> "Redis starts");
      redis.start();
    } else {
      redisDies(what);
    }
  }

  private void redisDies(int what) {
    redis.stop();
    world.nodes.stream().filter(SimNode::alive).forEach(node -> node.backplane().cutAll());
    if (what < 11) {
      redis.loseTail();
      world.trace(() -> "Redis goes back in time: " + heads());
    } else if (what == 11) {
      redis.failOver();
      world.trace(() -> "a replica is promoted: " + heads());
    } else if (what == 12 && scheduler.oneIn(4)) {
      redis.empty();
      world.trace(() -> "Redis is emptied");
    } else {
      world.trace(() -> "Redis stops: " + heads());
    }
    if (!scheduler.oneIn(4)) {
      redis.start();
      world.nodes.stream()
          .filter(node -> node.alive() && scheduler.oneIn(2))
          .forEach(node -> node.backplane().connect());
      world.trace(() -> "Redis starts");
    }
  }

  private String heads() {
    StringBuilder heads = new StringBuilder();
    for (int i = 0; i < world.shards; i++) {
      SimShard shard = redis.shard(i);
      heads.append(shard == null ? "-" : shard.state().lineage() + " " + shard.head).append(' ');
    }
    return heads.toString();
  }

  /** Puts everything right. */
  void heal() {
    world.trace(() -> "all is healed");
    if (!redis.up()) {
      redis.start();
    }
    for (SimNode node : world.nodes) {
      node.freeze(false);
      if (!node.alive()) {
        node.start();
      }
      node.backplane().readFailures = 0;
      node.backplane().noticeSilence();
    }
  }

  /** One more message to each topic: everybody gets it, and its receipt says so. */
  void publishLast() {
    for (String topic : SimWorld.TOPICS) {
      publish(scheduler.pick(world.nodes), topic, null, List.of(), List.of(), true);
      world.rest();
      long clients =
          world.clients.stream()
              .filter(client -> client.topics.contains(topic) && !client.over())
              .filter(client -> client.types.isEmpty() || client.types.contains("message"))
              .count();
      world.receipts.expect(world.receipts.opened(), world.nodes.size(), (int) clients);
    }
  }
}
