package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.HistoryRead;
import dev.broadcast.node.backplane.TopicPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives walkers their next page: from the rings where they reach back far enough, else from the
 * backplane's history. Only on the hub thread.
 */
class Replay {
  /**
   * How much one step brings.
   *
   * @param messages the most messages of a page
   * @param bytes after which a page ends
   * @param readEntries how many entries a topic one read of history asks for
   */
  record Limits(int messages, int bytes, int readEntries) {
    static final Limits DEFAULT = new Limits(256, 256 << 10, 512);
  }

  /** Whom to ask for things beyond rings and history. */
  interface Host {
    Shard shard(int number);

    /** Tells a loop something, in order with everything else it is told. */
    void tell(Loop loop, Notice notice);

    /** Goes on with a walk when it is its turn: many may have waited for the same answer. */
    void inTurn(Walk walk, Runnable step);

    /** The backplane's state is not the one known. */
    void reattach(int shard);

    /** A walk's positions are of a version that is gone. */
    void outdated(Walk walk);

    /** Decodes an entry; null for one that is not a message or not ours. */
    @Nullable Event decode(Entry entry);
  }

  private final Host host;
  private final Rings rings;
  private final HistoryReads reads;
  private final Limits limits;
  private Set<Walk> parked = new LinkedHashSet<>();

  Replay(Host host, Rings rings, HistoryReads reads, Limits limits) {
    this.host = host;
    this.rings = rings;
    this.reads = reads;
    this.limits = limits;
  }

  /** Answers a walk whose place is resolved; no answer if the place no longer means anything. */
  void serve(Walk walk) {
    serve(walk, new long[0], List.of());
  }

  /**
   * @param from where the walker stands once told the resets; empty if there are none
   * @param resets to be told first
   */
  void serve(Walk walk, long[] from, List<Reset> resets) {
    Builder page = new Builder(walk, from, resets);
    page.next(0);
  }

  /** Keeps a walk until the backplane moves again. */
  void park(Walk walk) {
    if (parked.add(walk)) {
      host.tell(walk.loop, new Notice.Waiting(walk.connection));
    }
  }

  /** Hands out the parked walks, to be tried again. */
  List<Walk> unpark() {
    List<Walk> again = List.copyOf(parked);
    parked = new LinkedHashSet<>();
    return again;
  }

  /** Whether {@code position} may be taken for the head: nothing the walker wants is newer. */
  boolean atHead(long position, Shard shard) {
    return position >= shard.position();
  }

  /** Builds one page, shard after shard; reads from history may lie between. */
  private final class Builder {
    private final Walk walk;
    private final List<Reset> resets;
    private final List<Event> events = new ArrayList<>();
    private final long[] upTo;
    private final Map<String, Long> starts;
    private final long[] from;
    private int bytes;

    Builder(Walk walk, long[] from, List<Reset> resets) {
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
      reads.read(
          shard.number,
          lineage.epoch(),
          uncovered,
          after,
          limits.readEntries(),
          (read, failure) -> host.inTurn(walk, () -> answered(index, shard, read, failure)));
    }

    private void answered(int index, Shard shard, HistoryRead read, @Nullable Throwable failure) {
      if (walk.versions[index] != shard.version) {
        host.outdated(walk);
      } else if (failure != null) {
        park(walk);
      } else if (!Lineage.of(read.state()).equals(shard.lineage())) {
        park(walk);
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
          sources.add(ring.after(after, limits.messages() + 1));
        } else if (known == null) {
          bound = Math.min(bound, after); // evicted meanwhile: nothing of it can be said now
        } else if (known.through >= ring.from()) {
          List<Event> both = new ArrayList<>();
          known.events.stream()
              .filter(e -> e.sequence() > after && e.sequence() <= ring.from())
              .forEach(both::add);
          both.addAll(ring.after(ring.from(), limits.messages() + 1));
          sources.add(both);
        } else {
          sources.add(known.events.stream().filter(e -> e.sequence() > after).toList());
          bound = Math.min(bound, known.through);
        }
      }
      upTo[index] = take(sources, bound, walk.at[index]);
      starts.values().removeIf(start -> start <= upTo[index] && upTo.length == 1);
      next(index + 1);
    }

    private long take(List<List<Event>> sources, long bound, long at) {
      int[] next = new int[sources.size()];
      while (true) {
        int least = -1;
        for (int i = 0; i < next.length; i++) {
          List<Event> source = sources.get(i);
          if (next[i] < source.size()
              && (least < 0
                  || source.get(next[i]).sequence()
                      < sources.get(least).get(next[least]).sequence())) {
            least = i;
          }
        }
        if (least < 0 || sources.get(least).get(next[least]).sequence() > bound) {
          return Math.max(bound, at);
        }
        if (events.size() >= limits.messages() || bytes >= limits.bytes()) {
          // Everything of this shard before the first message left out was taken.
          return Math.max(at, sources.get(least).get(next[least]).sequence() - 1);
        }
        Event event = sources.get(least).get(next[least]++);
        events.add(event);
        bytes += event.entry().payload().length;
      }
    }

    private void answer() {
      boolean complete = true;
      for (int i = 0; i < upTo.length; i++) {
        Shard shard = host.shard(walk.selection.shards().get(i));
        if (walk.versions[i] != shard.version) {
          host.outdated(walk);
          return;
        }
        complete &= atHead(upTo[i], shard);
      }
      host.tell(
          walk.loop,
          new Notice.PageReady(
              walk.connection,
              walk.token,
              new Page(from, resets, events, upTo, Map.copyOf(starts), complete)));
    }
  }

  /**
   * Messages of a topic that were read from history.
   *
   * @param events ascending
   * @param through everything up to here is among them, as far as it is kept
   */
  private record Older(List<Event> events, long through) {
    static Older of(TopicPage page, long head, Host host) {
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
