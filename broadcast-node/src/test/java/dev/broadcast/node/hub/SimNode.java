package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One node: a real hub on simulated threads. Can be killed, and comes back as a new process. */
final class SimNode {
  final String name;
  private final SimWorld world;
  private final List<SimNode> nodes;
  private final Map<String, SimNode> claims;
  private SimScheduler.Actor hubThread;
  private List<SimScheduler.Actor> loops = List.of();
  private SimBackplane backplane;
  private SimRoster roster;
  private ClusterHub hub;
  private boolean alive;
  private boolean draining;
  private int lives;
  private SimScheduler.Actor timer;
  private SimParts parts;

  SimNode(String name, SimWorld world, List<SimNode> nodes, Map<String, SimNode> claims) {
    this.name = name;
    this.world = world;
    this.nodes = nodes;
    this.claims = claims;
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void start() {
    lives++;
    SimScheduler scheduler = world.scheduler;
    List<SimScheduler.Actor> actors = new ArrayList<>();
    int count = 1 + scheduler.random.nextInt(2);
    for (int i = 0; i < count; i++) {
      actors.add(scheduler.actor(name + " loop " + i));
    }
    loops = actors;
    timer = scheduler.actor(name + " timer");
    hubThread = scheduler.oneIn(2) ? actors.get(0) : scheduler.actor(name + " hub");
    backplane = new SimBackplane(name, world.shards, scheduler, world.redis, hubThread);
    roster = new SimRoster(world, this, nodes, claims);
    parts = new SimParts(world.parts, timer);
    hub =
        new ClusterHub(
            backplane,
            roster,
            world.settings,
            new HubThreads(
                hubThread,
                hubThread,
                List.<Executor>copyOf(actors),
                this::currentLoop,
                scheduler::nanos),
            world.allocator,
            message -> {
              throw new IllegalStateException(message);
            },
            SimParts.intake(),
            parts);
    alive = true;
    draining = false;
    hubThread.execute(() -> hub.start());
  }

  private @Nullable Executor currentLoop() {
    SimScheduler.Actor current = world.scheduler.current();
    return current != null && loops.contains(current) ? current : null;
  }

  /** SIGSTOP and SIGCONT: its threads stand still, the world goes on. */
  void freeze(boolean on) {
    hubThread.freeze(on);
    timer.freeze(on);
    loops.forEach(loop -> loop.freeze(on));
  }

  /** SIGTERM: says goodbye to its streams; done when they are told. */
  void drain(Runnable done) {
    draining = true;
    var unused = hub.drain(Duration.ofMillis(200)).whenComplete((v, failure) -> done.run());
  }

  boolean draining() {
    return draining;
  }

  void kill() {
    alive = false;
    timer.clear();
    hubThread.clear();
    loops.forEach(SimScheduler.Actor::clear);
    backplane.kill();
    claims.values().removeIf(holder -> holder == this);
    roster.peer = null;
  }

  /** How often it was started. */
  int lives() {
    return lives;
  }

  boolean alive() {
    return alive;
  }

  SimParts parts() {
    return parts;
  }

  SimScheduler.Actor hubThread() {
    return hubThread;
  }

  SimScheduler.Actor anyLoop() {
    return world.scheduler.pick(loops);
  }

  SimBackplane backplane() {
    return backplane;
  }

  ClusterHub hub() {
    return hub;
  }

  Roster.@Nullable Peer peer() {
    return alive ? roster.peer : null;
  }
}
