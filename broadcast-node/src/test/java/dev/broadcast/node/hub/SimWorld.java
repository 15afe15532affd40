package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.MessageId;
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
  static final List<String> TOPICS = List.of("a", "b", "c", "d");
  static final List<String> TYPES = List.of("update", "delete");
  private static final int REST = 20_000;

  /** A ring that was just asked for is counted before the others make room. */
  private static final long RING_SLACK = 2_000;

  final SimScheduler scheduler;
  final SimRedis redis;
  final int shards;
  final HubSettings settings;
  final SimParts parts;
  final SimAllocator allocator = new SimAllocator();

  /** Whether things may still go wrong. */
  boolean faults = true;

  final List<SimNode> nodes = new ArrayList<>();
  final List<SimClient> clients = new ArrayList<>();
  final SimReceipts receipts = new SimReceipts();
  private final SimTroubles troubles;
  private final SimTrim trim;
  private final int steps;
  private final @Nullable List<String> trace;
  private final Map<String, Integer> counts = new TreeMap<>();
  private final int quiet;
  private int suffixes;

  SimWorld(long seed, int shards, int steps, SimPlants plants, SimTrim trim, boolean traced) {
    this.trim = trim;
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
            new SimRedis.Bounds(
                historySize,
                6 + scheduler.random.nextInt(20),
                age,
                scheduler.oneIn(3) ? 1 + scheduler.random.nextInt(3) : 1000),
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
    troubles = new SimTroubles(this);
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
    Set<String> until = scheduler.oneIn(6) ? Set.of("delete") : Set.of();
    Duration throttle = scheduler.oneIn(4) ? Duration.ofMillis(1) : Duration.ZERO;
    StreamRequest.Extras extras = new StreamRequest.Extras(until, throttle, false, false);
    return new SimClient(name, this, topics, types, format, extras, scheduler.oneIn(3));
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
    scheduler.turn(0);
    if (!scheduler.oneIn(8)) {
      rest();
    }
    for (int turn = 1; turn <= steps; turn++) {
      scheduler.turn(turn);
      if (trim.keeps(turn)) {
        if (scheduler.oneIn(quiet) || !scheduler.step()) {
          troubles.happen();
        }
        check();
      }
    }
    scheduler.turn(steps + 1);
    faults = false;
    troubles.heal();
    for (int round = 0; round < 4; round++) {
      round();
    }
    troubles.publishLast();
    for (int round = 0; round < 2; round++) {
      round();
    }
    clients.forEach(client -> client.judge().end());
    clients.forEach(SimClient::cut);
    rest();
    if (!troubles.killed() && allocator.leaked() > 0) {
      throw new SimFailure(allocator.leaked() + " buffers were not given back");
    }
    countEverything();
  }

  /** What must hold at every moment. */
  private void check() {
    for (SimNode node : nodes) {
      if (!node.alive()) {
        continue;
      }
      for (ShardReader reader : node.parts().readers()) {
        MessageId position = reader.position();
        if (position != null && redis.place(position) == null) {
          throw new SimFailure(node.name + " is at a place that never was: " + position);
        }
      }
      if (node.parts().ringBytes() > settings.ringSize() + RING_SLACK) {
        throw new SimFailure(
            node.name
                + " remembers "
                + node.parts().ringBytes()
                + " bytes of "
                + settings.ringSize());
      }
    }
  }

  private void countEverything() {
    counts.merge("stored", redis.all().size(), Integer::sum);
    counts.merge("pruned", redis.pruned, Integer::sum);
    for (SimNode node : nodes) {
      HubMetrics metrics = node.hub().metrics();
      counts.merge("behind", (int) metrics.connectionsFellBehind(), Integer::sum);
      counts.merge("replayed", (int) metrics.eventsReplayed(), Integer::sum);
      counts.merge("backfills", (int) metrics.backfills(), Integer::sum);
      counts.merge("generations", (int) metrics.generations(), Integer::sum);
    }
  }

  /** What is being done comes to an end, and all come back who went. */
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

  void rest() {
    for (int i = 0; scheduler.step(); i++) {
      if (i > REST) {
        throw new SimFailure("it does not come to rest");
      }
    }
  }
}
