package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Feed;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.ShardState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A simulated node's hold on one shard, as {@code RedisAttachment} has it: which epoch and
 * generation the master is in, and the way of its frames to the feed.
 */
final class SimAttachment {
  private final SimBackplane node;
  final int number;
  final List<SimRedis.Frame> held = new ArrayList<>();
  boolean fed;
  boolean attaching;
  boolean again;
  int attempts;
  @Nullable ShardState known;

  SimAttachment(SimBackplane node, int number) {
    this.node = node;
    this.number = number;
  }

  @Nullable ShardState known() {
    return attaching ? null : known;
  }

  void attach() {
    Feed to = node.feed;
    if (to == null || !node.commands.connected()) {
      return;
    }
    if (attaching) {
      again = true;
      return;
    }
    attaching = true;
    boolean forFeed = node.subscribed;
    int attempt = ++attempts;
    MessageId position = to.position(number);
    node.commands.<ShardState>request(
        () -> node.redis.attach(number, position),
        (state, failure) -> {
          if (attempt == attempts && attaching) {
            attaching = false;
            if (state != null) {
              attached(forFeed, state);
            }
          }
        });
  }

  private void attached(boolean forFeed, ShardState state) {
    known = state;
    node.attachedByCommands();
    Feed to = node.feed;
    if (forFeed && node.subscribed && to != null) {
      fed = true;
      to.attached(state);
      List<SimRedis.Frame> frames = List.copyOf(held);
      held.clear();
      frames.stream().filter(frame -> matches(state, frame)).forEach(this::deliver);
    }
    if (again || (node.subscribed && !fed)) {
      again = false;
      attach();
    }
  }

  void heard(SimRedis.Frame frame) {
    if (!node.subscribed) {
      return;
    }
    ShardState state = known();
    if (fed && state != null && matches(state, frame)) {
      deliver(frame);
      return;
    }
    if (state != null && fed) {
      if (isPast(state, frame)) {
        return;
      }
      attach();
    }
    held.add(frame);
  }

  private void deliver(SimRedis.Frame frame) {
    Feed to = node.feed;
    if (to != null) {
      if (frame instanceof SimRedis.Frame.Entries entries) {
        to.received(number, entries.entries());
      } else if (frame instanceof SimRedis.Frame.Probe probe) {
        to.probed(number, probe.head(), probe.millis());
      }
    }
  }

  void probe() {
    ShardState state = known();
    if (state != null && node.subscribed) {
      node.commands.<Boolean>request(
          () -> node.redis.probe(number, state.epoch(), state.generation()),
          (ok, failure) -> {
            if (ok != null && !ok) {
              attach();
            }
          });
    }
  }

  private static MessageId idOf(SimRedis.Frame frame) {
    if (frame instanceof SimRedis.Frame.Entries entries) {
      return entries.entries().get(0).id();
    }
    return ((SimRedis.Frame.Probe) frame).head();
  }

  private static boolean matches(ShardState state, SimRedis.Frame frame) {
    MessageId id = idOf(frame);
    return id.epoch().equals(state.epoch()) && id.generation().equals(state.generation());
  }

  private static boolean isPast(ShardState state, SimRedis.Frame frame) {
    MessageId id = idOf(frame);
    return id.epoch().equals(state.epoch())
        && state.lineage().stream().anyMatch(g -> g.generation().equals(id.generation()));
  }
}
