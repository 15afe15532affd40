package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.HistoryRead;
import dev.broadcast.node.backplane.TopicPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds a walker's next page, shard after shard: from the rings where they reach back far enough,
 * else from what is read of history meanwhile. Given up when a shard's sequence goes back or begins
 * anew in between. Only on the hub thread.
 */
final class PageBuilder {
  private final Replay replay;
  private final Replay.Host host;
  private final Rings rings;
  private final Walk walk;
  private final List<Reset> resets;
  private final long[] upTo;
  private final Map<String, Long> starts;
  private final long[] from;
  private final PageEvents events;

  /**
   * With nothing in it.
   *
   * @param from where the walker stands once told the resets; empty if there are none
   * @param resets to be told first
   */
  PageBuilder(Replay replay, Walk walk, long[] from, List<Reset> resets) {
    this.replay = replay;
    this.host = replay.host;
    this.rings = replay.rings;
    this.events = new PageEvents(replay.limits);
    this.walk = walk;
    this.from = from.length == 0 ? walk.at.clone() : from;
    this.resets = new ArrayList<>(resets);
    this.upTo = walk.at.clone();
    // Not the walk's own: a page that is given up is built again, and its losses told then.
    this.starts = new HashMap<>(walk.starts);
  }

  /** Beyond which number the walker wants messages of a topic. */
  private long after(int index, String topic) {
    return Math.max(walk.at[index], starts.getOrDefault(topic, 0L));
  }

  /** Goes on with a shard; after the last one the page is told. */
  void next(int index) {
    if (index == upTo.length) {
      answer();
      return;
    }
    Shard shard = host.shard(walk.selection.shards().get(index));
    if (walk.versions[index] != shard.version) {
      host.outdated(walk);
      return;
    }
    List<String> uncovered = new ArrayList<>();
    long after = Long.MAX_VALUE;
    for (String topic : walk.selection.topics().get(index)) {
      long wanted = after(index, topic);
      if (rings.use(topic, shard.position()).from() > wanted) {
        uncovered.add(topic);
        after = Math.min(after, wanted);
      }
    }
    Lineage lineage = shard.lineage();
    if (uncovered.isEmpty() || lineage == null) {
      merge(index, shard, Map.of());
      return;
    }
    replay.reads.read(
        shard.number,
        lineage.epoch(),
        uncovered,
        after,
        replay.limits.readEntries(),
        (read, failure) -> host.inTurn(walk, () -> answered(index, shard, read, failure)));
  }

  private void answered(int index, Shard shard, HistoryRead read, @Nullable Throwable failure) {
    if (walk.versions[index] != shard.version) {
      host.outdated(walk);
    } else if (failure != null) {
      replay.park(walk);
    } else if (!Lineage.of(read.state()).equals(shard.lineage())) {
      replay.park(walk);
      host.reattach(shard.number);
    } else {
      learned(index, shard, read);
    }
  }

  private void learned(int index, Shard shard, HistoryRead read) {
    Map<String, Older> older = new TreeMap<>();
    Map<Reset.Reason, List<String>> lost = new TreeMap<>();
    boolean cut = false;
    for (TopicPage page : read.pages()) {
      long wanted = after(index, page.topic());
      if (!page.honours(wanted)) {
        cut = true;
        boolean cleared = wanted < page.clearedThrough();
        if (walk.tellsLosses && !walk.toldTopics.contains(page.topic())) {
          lost.computeIfAbsent(
                  cleared ? Reset.Reason.CLEARED : Reset.Reason.TRIMMED, r -> new ArrayList<>())
              .add(page.topic());
        }
        long first = page.firstPredecessor() >= 0 ? page.firstPredecessor() : page.last();
        // The master may be ahead of the node: who stood there would hear of the same loss again.
        starts.put(page.topic(), Math.max(wanted, Math.min(first, shard.position())));
      }
      Older known = Older.of(page, read.state().head(), host);
      older.put(page.topic(), known);
      offerToRing(page.topic(), after(index, page.topic()), known, shard);
    }
    lost.forEach((reason, topics) -> resets.add(new Reset(reason, topics)));
    if (cut) {
      // With every topic cut, a cursor further on loses nothing and spares a second reset.
      long least = Long.MAX_VALUE;
      for (String topic : walk.selection.topics().get(index)) {
        least = Math.min(least, after(index, topic));
      }
      from[index] = Math.max(from[index], least);
    }
    merge(index, shard, older);
  }

  private void offerToRing(String topic, long after, Older known, Shard shard) {
    Ring ring = rings.use(topic, shard.position());
    if (known.through >= ring.from() && after < ring.from()) {
      rings.extend(
          topic,
          after,
          known.events.stream()
              .filter(e -> e.sequence() > after && e.sequence() <= ring.from())
              .toList());
    }
  }

  /** Adds a shard's messages in ascending order, as far as all its topics are known. */
  private void merge(int index, Shard shard, Map<String, Older> older) {
    long bound = shard.position();
    List<List<Event>> sources = new ArrayList<>();
    for (String topic : walk.selection.topics().get(index)) {
      long after = after(index, topic);
      Ring ring = rings.use(topic, shard.position());
      Older known = older.get(topic);
      if (ring.from() <= after) {
        sources.add(ring.after(after, replay.limits.messages() + 1));
      } else if (known == null) {
        bound = Math.min(bound, after); // evicted meanwhile: nothing of it can be said now
      } else if (known.through >= ring.from()) {
        List<Event> both = new ArrayList<>();
        known.events.stream()
            .filter(e -> e.sequence() > after && e.sequence() <= ring.from())
            .forEach(both::add);
        both.addAll(ring.after(ring.from(), replay.limits.messages() + 1));
        sources.add(both);
      } else {
        sources.add(known.events.stream().filter(e -> e.sequence() > after).toList());
        bound = Math.min(bound, known.through);
      }
    }
    upTo[index] = events.add(sources, bound, walk.at[index]);
    starts.values().removeIf(start -> start <= upTo[index] && upTo.length == 1);
    next(index + 1);
  }

  private void answer() {
    boolean complete = true;
    for (int i = 0; i < upTo.length; i++) {
      Shard shard = host.shard(walk.selection.shards().get(i));
      if (walk.versions[i] != shard.version) {
        host.outdated(walk);
        return;
      }
      complete &= replay.atHead(upTo[i], shard);
    }
    host.tell(
        walk.loop,
        new Notice.PageReady(
            walk.connection,
            walk.token,
            new Page(from, resets, events.all(), upTo, Map.copyOf(starts), complete)));
  }

  /**
   * Messages of a topic that were read from history.
   *
   * @param events ascending
   * @param through everything up to here is among them, as far as it is kept
   */
  private record Older(List<Event> events, long through) {
    static Older of(TopicPage page, long head, Replay.Host host) {
      List<Event> events = new ArrayList<>(page.entries().size());
      for (Entry entry : page.entries()) {
        Event event = host.decode(entry);
        if (event != null) {
          events.add(event);
        }
      }
      long through = page.more() ? page.entries().get(page.entries().size() - 1).sequence() : head;
      return new Older(events, through);
    }
  }
}
