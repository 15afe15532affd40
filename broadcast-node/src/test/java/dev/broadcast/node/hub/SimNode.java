package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
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

  SimNode(String name, SimWorld world, List<SimNode> nodes, Map<String, SimNode> claims) {
    this.name = name;
    this.world = world;
    this.nodes = nodes;
    this.claims = claims;
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  void start() {
    SimScheduler scheduler = world.scheduler;
    List<SimScheduler.Actor> actors = new ArrayList<>();
    int count = 1 + scheduler.random.nextInt(2);
    for (int i = 0; i < count; i++) {
      actors.add(scheduler.actor(name + " loop " + i));
    }
    loops = actors;
    hubThread = scheduler.oneIn(2) ? actors.get(0) : scheduler.actor(name + " hub");
    backplane = new SimBackplane(name, world.shards, scheduler, world.redis, hubThread);
    roster = new SimRoster(this, nodes, claims);
    hub =
        new ClusterHub(
            backplane,
            roster,
            world.settings,
            hubThread,
            hubThread,
            List.<Executor>copyOf(actors),
            this::currentLoop,
            scheduler::nanos,
            world.allocator,
            message -> {
              throw new IllegalStateException(message);
            },
            SimParts.intake(),
            world.parts);
    alive = true;
    hubThread.execute(() -> hub.start());
  }

  private @Nullable Executor currentLoop() {
    SimScheduler.Actor current = world.scheduler.current();
    return current != null && loops.contains(current) ? current : null;
  }

  void kill() {
    alive = false;
    hubThread.clear();
    loops.forEach(SimScheduler.Actor::clear);
    backplane.kill();
    claims.values().removeIf(holder -> holder == this);
    roster.peer = null;
  }

  boolean alive() {
    return alive;
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
