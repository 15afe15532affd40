package dev.broadcast.node.hub;

import dev.broadcast.api.Data;
import dev.broadcast.api.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A whole cluster on one thread: three nodes with real hubs, a simulated Redis, clients that come
 * and go, and everything that can go wrong, in an order that the seed decides. First things go
 * wrong for some steps, then all is healed, and in the end every client must have got what is its.
 */
final class SimWorld {
  private static final List<String> TOPICS = List.of("a", "b", "c", "d");
  private static final List<String> TYPES = List.of("update", "delete");
  private static final int REST = 20_000;

  final SimScheduler scheduler;
  final SimRedis redis;
  final int shards;
  final HubSettings settings;
  final HubParts parts;
  final SimAllocator allocator = new SimAllocator();

  /** Whether things may still go wrong. */
  boolean faults = true;

  private final List<SimNode> nodes = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final int steps;
  private final @Nullable List<String> trace;
  private final Map<String, Integer> counts = new TreeMap<>();
  private final int quiet;
  private final int trouble;
  private final boolean calm;
  private boolean killed;
  private int published;
  private int suffixes;

  SimWorld(long seed, int shards, int steps, SimPlants plants, boolean traced) {
    scheduler = new SimScheduler(seed);
    this.shards = shards;
    this.steps = steps;
    this.trace = traced ? new ArrayList<>() : null;
    int historySize = 3 + scheduler.random.nextInt(6);
    long age = scheduler.oneIn(4) ? 400 : 1_000_000;
    redis =
        new SimRedis(
            scheduler,
            shards,
            new SimRedis.Bounds(historySize, 6 + scheduler.random.nextInt(20), age),
            plants.redis());
    settings =
        new HubSettings(
            historySize,
            Duration.ofMillis(age),
            scheduler.oneIn(2) ? 100_000 : 2_000,
            1 + scheduler.random.nextInt(5),
            scheduler.oneIn(4) ? 200 : 100_000,
            scheduler.oneIn(4) ? Duration.ofMillis(300) : Duration.ofSeconds(30),
            scheduler.oneIn(3) ? Duration.ZERO : Duration.ofMillis(100),
            scheduler.oneIn(2) ? 40 : 100_000,
            1000,
            0);
    parts = new SimParts(plants, this::suffix, scheduler.random);
    trouble = 1 + scheduler.random.nextInt(5);
    calm = scheduler.oneIn(3);
    quiet = 3 + scheduler.random.nextInt(10);
    Map<String, SimNode> claims = new HashMap<>();
    for (int i = 1; i <= 3; i++) {
      nodes.add(new SimNode("n" + i, this, nodes, claims));
    }
    nodes.forEach(SimNode::start);
    int count = 2 + scheduler.random.nextInt(3);
    for (int i = 1; i <= count; i++) {
      clients.add(client("c" + i));
    }
  }

  private String suffix() {
    return "s" + ++suffixes;
  }

  private SimClient client(String name) {
    List<String> topics = new ArrayList<>(TOPICS);
    while (topics.size() > 3 || (topics.size() > 1 && scheduler.oneIn(2))) {
      topics.remove(scheduler.random.nextInt(topics.size()));
    }
    Set<String> types =
        switch (scheduler.random.nextInt(6)) {
          case 0 -> Set.of("update");
          case 1 -> Set.of("message", "delete");
          default -> Set.of();
        };
    Format format = scheduler.oneIn(4) ? Format.MESSAGE : Format.DATA;
    return new SimClient(name, this, topics, types, format, scheduler.oneIn(3));
  }

  static int shardOf(String topic, int shards) {
    return topic.charAt(0) % shards;
  }

  int shardOf(String topic) {
    return shardOf(topic, shards);
  }

  void trace(Supplier<String> line) {
    if (trace != null) {
      trace.add(scheduler.steps() + " " + line.get());
    }
  }

  void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  Map<String, Integer> counts() {
    return counts;
  }

  List<String> traced() {
    return trace == null ? List.of() : trace;
  }

  /** Runs it all. */
  void run() {
    if (!scheduler.oneIn(8)) {
      rest();
    }
    for (int i = 0; i < steps; i++) {
      if (scheduler.oneIn(quiet) || !scheduler.step()) {
        happens();
      }
    }
    heal();
    for (int round = 0; round < 4; round++) {
      round();
    }
    for (String topic : TOPICS) {
      publish(scheduler.pick(nodes), topic, null, List.of(), List.of());
      rest();
    }
    for (int round = 0; round < 2; round++) {
      round();
    }
    clients.forEach(client -> client.judge().end());
    clients.forEach(SimClient::cut);
    rest();
    if (!killed && allocator.leaked() > 0) {
      throw new SimFailure(allocator.leaked() + " buffers were not given back");
    }
    counts.merge("published", published, Integer::sum);
    counts.merge("stored", redis.all().size(), Integer::sum);
    for (SimNode node : nodes) {
      HubMetrics metrics = node.hub().metrics();
      counts.merge("behind", (int) metrics.connectionsFellBehind(), Integer::sum);
      counts.merge("replayed", (int) metrics.eventsReplayed(), Integer::sum);
      counts.merge("backfills", (int) metrics.backfills(), Integer::sum);
      counts.merge("generations", (int) metrics.generations(), Integer::sum);
    }
  }

  /** Something that nobody asked for. */
  private void happens() {
    int what = scheduler.random.nextInt(100);
    if (what < 40) {
      publishAny();
    } else if (what < 70) {
      clientActs(scheduler.pick(clients));
    } else if (what < 78) {
      SimNode node = scheduler.pick(nodes);
      node.backplane().probe();
    } else if (what < 83) {
      scheduler.advance(scheduler.random.nextInt(150_000_000));
      nodes.forEach(node -> node.hub().tick());
    } else if (what < 90) {
      scheduler.pick(nodes).backplane().connect();
    } else if (what < 94) {
      if (!scheduler.oneIn(trouble)) {
        return;
      }
      connectionSuffers(scheduler.pick(nodes).backplane());
    } else if (!calm && scheduler.oneIn(trouble)) {
      redisSuffers();
    }
  }

  private void publishAny() {
    String topic = scheduler.pick(TOPICS);
    SimNode node = scheduler.pick(nodes);
    if (scheduler.oneIn(25)) {
      trace(() -> node.name + " clears " + topic);
      var unused = node.hub().clearHistory(topic);
      return;
    }
    String type = scheduler.oneIn(2) ? null : scheduler.pick(TYPES);
    List<String> to = scheduler.oneIn(8) ? someIds() : List.of();
    List<String> exclude = scheduler.oneIn(8) ? someIds() : List.of();
    int times = scheduler.oneIn(5) ? 2 + scheduler.random.nextInt(8) : 1;
    for (int i = 0; i < times; i++) {
      publish(node, topic, type, to, exclude);
    }
  }

  private List<String> someIds() {
    SimClient client = scheduler.pick(clients);
    List<String> ids = List.copyOf(client.ids);
    return ids.isEmpty() ? List.of("nobody") : List.of(ids.get(ids.size() - 1));
  }

  private void publish(
      SimNode node, String topic, @Nullable String type, List<String> to, List<String> exclude) {
    String text = "m" + ++published;
    trace(
        () ->
            node.name
                + " publishes "
                + text
                + " to "
                + topic
                + (type == null ? "" : " " + type)
                + (to.isEmpty() ? "" : " to " + to)
                + (exclude.isEmpty() ? "" : " but " + exclude));
    var unused =
        node.hub()
            .publish(
                new Message(topic, type, Data.text(text), List.of(), null, exclude, to),
                null,
                null);
  }

  private void clientActs(SimClient client) {
    if (!client.connected()) {
      client.connect(scheduler.pick(nodes));
      return;
    }
    switch (scheduler.random.nextInt(12)) {
      case 0 -> client.cut();
      case 1, 2, 3, 4 -> client.stall();
      case 5, 6, 7, 8, 9 -> client.flow();
      default -> {
        client.cut();
        client.connect(scheduler.pick(nodes));
      }
    }
  }

  private void connectionSuffers(SimBackplane backplane) {
    trace(() -> backplane.health().detail() + " suffers");
    switch (scheduler.random.nextInt(6)) {
      case 0 -> backplane.cutCommands();
      case 1 -> backplane.cutReads();
      case 2 -> backplane.cutAll();
      case 3 -> backplane.readFailures = backplane.readFailures == 0 ? 3 : 0;
      default -> {
        backplane.cutChannel();
        if (scheduler.oneIn(2)) {
          backplane.connect();
        }
      }
    }
  }

  private void redisSuffers() {
    int what = scheduler.random.nextInt(10);
    if (what < 4) {
      redis.save();
      return;
    }
    if (what == 4) {
      SimNode node = scheduler.pick(nodes);
      trace(() -> node.name + " is killed");
      clients.stream().filter(client -> client.node() == node).forEach(SimClient::cut);
      killed = true; // with it goes what waited on it
      node.kill();
      node.start();
      return;
    }
    if (!redis.up()) {
      trace(() -> "Redis starts");
      redis.start();
      return;
    }
    redis.stop();
    nodes.forEach(node -> node.backplane().cutAll());
    if (what < 8) {
      redis.loseTail();
      trace(() -> "Redis goes back in time: " + heads());
    } else if (what == 8 && scheduler.oneIn(4)) {
      redis.empty();
      trace(() -> "Redis is emptied");
    } else {
      trace(() -> "Redis stops: " + heads());
    }
    if (!scheduler.oneIn(4)) {
      redis.start();
      nodes.stream().filter(node -> scheduler.oneIn(2)).forEach(node -> node.backplane().connect());
      trace(() -> "Redis starts");
    }
  }

  private String heads() {
    StringBuilder heads = new StringBuilder();
    for (int i = 0; i < shards; i++) {
      SimShard shard = redis.shard(i);
      heads.append(shard == null ? "-" : shard.state().lineage() + " " + shard.head).append(' ');
    }
    return heads.toString();
  }

  private void heal() {
    trace(() -> "all is healed");
    faults = false;
    if (!redis.up()) {
      redis.start();
    }
    nodes.forEach(node -> node.backplane().readFailures = 0);
  }

  private void round() {
    nodes.forEach(node -> node.backplane().connect());
    rest();
    scheduler.advance(1_100_000);
    nodes.forEach(node -> node.backplane().probe());
    nodes.forEach(node -> node.hub().tick());
    clients.forEach(SimClient::flow);
    clients.stream()
        .filter(client -> !client.connected())
        .forEach(client -> client.connect(scheduler.pick(nodes)));
    rest();
  }

  private void rest() {
    for (int i = 0; scheduler.step(); i++) {
      if (i > REST) {
        throw new SimFailure("it does not come to rest");
      }
    }
  }
}
