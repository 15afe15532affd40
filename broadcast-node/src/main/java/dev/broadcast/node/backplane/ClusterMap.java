package dev.broadcast.node.backplane;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which master serves which slot of a Redis Cluster, by what its nodes say. One of them is asked
 * again before every new connection; what a node says by {@code MOVED} is believed first. Only on
 * the hub thread.
 */
final class ClusterMap {
  /** So many nodes are asked at once: one may be dead, another behind. */
  private static final int AT_ONCE = 3;

  /** Shards that lost their connections together ask together. */
  private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(50);

  /** The one that said so knows it first; until then the others may still say the old one. */
  private static final long BELIEVED = TimeUnit.SECONDS.toNanos(1);

  private final RedisAsker asker;
  private final List<RedisAddress> seeds;
  private final Map<Integer, Moved> moved = new HashMap<>();
  private final Set<RedisAddress> nodes = new LinkedHashSet<>();
  private List<Range> ranges = List.of();
  private long readAt = System.nanoTime() - FRESH;
  private @Nullable CompletableFuture<List<Range>> underWay;

  private record Range(int first, int last, RedisAddress master) {}

  private record Moved(RedisAddress to, long at) {}

  ClusterMap(RedisAsker asker, List<RedisAddress> seeds) {
    this.asker = asker;
    this.seeds = seeds;
  }

  /** Where one slot's master is. */
  RedisLocator slot(int slot) {
    return new RedisLocator() {
      @Override
      public CompletionStage<RedisAddress> locate() {
        Moved there = moved.get(slot);
        if (there != null && System.nanoTime() - there.at < BELIEVED) {
          return CompletableFuture.completedStage(there.to);
        }
        return read().thenApply(read -> masterOf(read, slot));
      }

      @Override
      public boolean isWatched() {
        return false; // Whoever is not the slot's master any more says so by MOVED.
      }

      @Override
      public boolean moved(String error, RedisAddress from) {
        return believe(error, from);
      }
    };
  }

  private boolean believe(String error, RedisAddress from) {
    String[] words = error.split(" ", -1);
    int colon = words.length < 3 ? -1 : words[2].lastIndexOf(':');
    if (colon < 0) {
      return true; // It is elsewhere; the nodes say where.
    }
    String host = words[2].substring(0, colon);
    moved.put(
        Integer.parseInt(words[1]),
        new Moved(
            from.at(
                isNone(host) ? from.host() : host, Integer.parseInt(words[2].substring(colon + 1))),
            System.nanoTime()));
    return true;
  }

  private static RedisAddress masterOf(List<Range> ranges, int slot) {
    for (Range range : ranges) {
      if (range.first <= slot && slot <= range.last) {
        return range.master;
      }
    }
    throw new BackplaneException("no master of the Cluster serves slot " + slot);
  }

  private CompletableFuture<List<Range>> read() {
    if (System.nanoTime() - readAt < FRESH) {
      return CompletableFuture.completedFuture(ranges);
    }
    CompletableFuture<List<Range>> asked = underWay;
    if (asked == null) {
      asked = new CompletableFuture<>();
      underWay = asked;
      Set<RedisAddress> all = new LinkedHashSet<>(nodes);
      all.addAll(seeds);
      List<RedisAddress> order = new ArrayList<>(all);
      Collections.shuffle(order);
      var reading = new Reading(asked, new ArrayDeque<>(order));
      for (int i = 0; i < AT_ONCE; i++) {
        reading.next();
      }
    }
    return asked;
  }

  private final class Reading {
    private final CompletableFuture<List<Range>> result;
    private final Deque<RedisAddress> left;
    private int open;

    private Reading(CompletableFuture<List<Range>> result, Deque<RedisAddress> left) {
      this.result = result;
      this.left = left;
    }

    private void next() {
      RedisAddress node = left.poll();
      if (node != null) {
        open++;
        asker.ask(
            node, CommandType.CLUSTER, List.of("SLOTS"), (reply, why) -> take(node, reply, why));
      }
    }

    private void take(RedisAddress node, @Nullable List<Object> reply, @Nullable Throwable why) {
      open--;
      if (result.isDone()) {
        return;
      }
      if (reply != null && !reply.isEmpty()) {
        underWay = null;
        ranges = learn(node, reply);
        readAt = System.nanoTime();
        result.complete(ranges);
        return;
      }
      next();
      if (open == 0) {
        underWay = null;
        result.completeExceptionally(
            isNoCluster(why)
                ? new WrongTopologyException(
                    "--redis-url: " + node + " is not part of a Cluster: redis:// expected")
                : why == null ? new BackplaneException("the Cluster has no slots yet") : why);
      }
    }
  }

  private List<Range> learn(RedisAddress asked, List<Object> reply) {
    List<Range> read = new ArrayList<>();
    nodes.clear();
    for (Object each : reply) {
      List<Object> range = RedisReply.list(each);
      for (int i = 2; i < range.size(); i++) {
        List<Object> node = RedisReply.list(range.get(i));
        String host = node.get(0) == null ? "" : RedisReply.text(node.get(0));
        RedisAddress address =
            asked.at(isNone(host) ? asked.host() : host, (int) RedisReply.number(node.get(1)));
        nodes.add(address);
        if (i == 2) {
          int last = (int) RedisReply.number(range.get(1));
          read.add(new Range((int) RedisReply.number(range.get(0)), last, address));
        }
      }
    }
    return read;
  }

  /** What a node says that does not know its own name, or is told to hide it. */
  private static boolean isNone(String host) {
    return host.isEmpty() || host.equals("?");
  }

  private static boolean isNoCluster(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException
          && String.valueOf(cause.getMessage()).contains("cluster support disabled")) {
        return true;
      }
    }
    return false;
  }
}
