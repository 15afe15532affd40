package dev.broadcast.node.hub;

import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionPage;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.connection.Connections;
import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.backplane.Roster.Member;
import dev.broadcast.node.hub.PresentOn.Look;
import dev.broadcast.node.hub.PresentOn.Present;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is on the topics that this node watches, on the other nodes: so that somebody can say goodbye
 * for the clients of a node that was killed, and greet those of a node that did not yet know that
 * they are watched. Each watching node does it for its own watchers, from what it was told and what
 * it asked, so nothing is sent and nothing is told twice. Any thread.
 */
final class PresentElsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(PresentElsewhere.class);

  /** As many as one node serves; about 20 MB. Those beyond leave without a word. */
  static final int MOST = 100_000;

  /** How long its node's word of somebody who was found may be under way. */
  private static final long UNDER_WAY = Duration.ofSeconds(10).toNanos();

  private final Roster roster;
  private final NodeNews news;
  private final Connections connections;
  private final Consumer<Presence> tell;
  private final int most;
  private final LongSupplier nanoTime;
  private final Map<String, PresentOn> byTopic = new HashMap<>();
  private final Set<String> unasked = new HashSet<>();
  private final Map<Goodbye, Long> goodbyes = new HashMap<>();
  private Set<String> alive = Set.of();
  private int known;
  private boolean full;

  /** A leave that was told because somebody was not found; the word of its node may follow. */
  private record Goodbye(String topic, String id, String incarnation) {}

  /**
   * @param connections of all nodes
   * @param tell told of everyone who left with a node, or was found on one
   * @param most connections to remember
   */
  PresentElsewhere(
      Roster roster,
      NodeNews news,
      Connections connections,
      Consumer<Presence> tell,
      int most,
      LongSupplier nanoTime) {
    this.roster = roster;
    this.news = news;
    this.connections = connections;
    this.tell = tell;
    this.most = most;
    this.nanoTime = nanoTime;
  }

  /** Begins with a topic whose joins and leaves are told from now on. */
  void watch(String topic) {
    synchronized (this) {
      if (byTopic.putIfAbsent(topic, new PresentOn(topic)) != null) {
        return;
      }
    }
    look(topic);
  }

  /** A node learned only now that these are watched: it told nobody who came and went meanwhile. */
  void look(List<String> topics) {
    topics.forEach(this::look);
  }

  /**
   * Words of whatever node may have been lost. With the next tick: when Redis comes back every node
   * says so, and one look serves for all.
   */
  synchronized void lookSoon() {
    unasked.addAll(byTopic.keySet());
  }

  synchronized void unwatch(String topic) {
    PresentOn gone = byTopic.remove(topic);
    known -= gone == null ? 0 : gone.there.size();
    unasked.remove(topic);
  }

  /**
   * Somebody joined or left on a node.
   *
   * @param incarnation of that node; this one's own, too, since a client may have come here
   * @return whether it is news to the watchers
   */
  synchronized boolean happened(String incarnation, Presence presence) {
    PresentOn on = byTopic.get(presence.topic());
    if (on == null) {
      return true;
    }
    String id = presence.connectionId();
    Present before = on.there.get(id);
    boolean toldBefore = goodbyes.remove(new Goodbye(on.topic, id, incarnation)) != null;
    boolean here = incarnation.equals(roster.incarnation());
    if (on.look != null) {
      on.look.meanwhile.add(id);
    }
    if (presence.action() == Presence.Action.JOIN && !here) {
      put(on, id, new Present(incarnation, presence.kind(), presence.metadata(), null));
      return before == null
          || before.greeted() == null
          || !before.incarnation().equals(incarnation)
          || nanoTime.getAsLong() - before.greeted() > UNDER_WAY;
    }
    if (presence.action() == Presence.Action.JOIN) {
      remove(on, id);
      return true;
    }
    if (before != null && !before.incarnation().equals(incarnation)) {
      return false; // It was taken over by another node, and is still there.
    }
    remove(on, id);
    return !toldBefore;
  }

  /** Returns whether it is remembered. */
  private boolean put(PresentOn on, String id, Present present) {
    if (known >= most && !on.there.containsKey(id)) {
      if (!full) {
        LOG.warn("event=presence_full connections={} reason=\"more are not remembered\"", most);
      }
      full = true;
      return false;
    }
    if (on.there.put(id, present) == null) {
      known++;
    }
    return true;
  }

  private void remove(PresentOn on, String id) {
    if (on.there.remove(id) != null) {
      known--;
    }
  }

  /** Says goodbye for the clients of nodes that are gone; called about every second. */
  void tick() {
    synchronized (this) {
      goodbyes.values().removeIf(when -> nanoTime.getAsLong() - when > UNDER_WAY);
      if (byTopic.isEmpty()) {
        return;
      }
    }
    var unused = news.alive().thenAccept(this::tick);
  }

  private void tick(Set<String> now) {
    if (now.isEmpty()) {
      return; // this node itself is cut off, and cannot tell who is not
    }
    List<Presence> left = new ArrayList<>();
    List<String> ask = new ArrayList<>();
    synchronized (this) {
      byTopic.values().forEach(on -> takeThoseOfTheDead(on, now, left));
      known -= left.size();
      // A node that was not there when they were asked may have come with clients.
      ask.addAll(alive.containsAll(now) ? unasked : byTopic.keySet());
      unasked.clear();
      alive = Set.copyOf(now);
    }
    left.forEach(tell);
    look(ask);
  }

  private static void takeThoseOfTheDead(PresentOn on, Set<String> alive, List<Presence> left) {
    on.there
        .entrySet()
        .removeIf(
            entry -> {
              Present present = entry.getValue();
              if (alive.contains(present.incarnation())) {
                return false;
              }
              left.add(present.tell(Presence.Action.LEAVE, on.topic, entry.getKey()));
              return true;
            });
  }

  /** Asks all nodes who is there, page by page. */
  private void look(String topic) {
    PresentOn on;
    Look look;
    synchronized (this) {
      on = byTopic.get(topic);
      if (on == null) {
        return;
      }
      if (on.look != null) {
        unasked.add(topic); // again, when those who are being asked have answered
        return;
      }
      look = new Look(on.there);
      on.look = look;
    }
    var unused =
        roster
            .members()
            .thenCompose(
                members -> {
                  synchronized (this) {
                    on.begin(look, members, roster.incarnation());
                  }
                  return page(
                      ConnectionQuery.all().onTopic(topic).limit(ConnectionQuery.MAX_LIMIT),
                      on,
                      look);
                })
            .thenCompose(done -> roster.members())
            .thenAccept(members -> concluded(on, look, members).forEach(tell))
            .whenComplete((done, failure) -> ended(on, failure));
  }

  private CompletableFuture<Void> page(ConnectionQuery query, PresentOn on, Look look) {
    return connections
        .list(query)
        .thenCompose(
            page -> {
              found(on, look, page).forEach(tell);
              return page.next() == null
                  ? CompletableFuture.completedFuture(null)
                  : page(query.next(page.next()), on, look);
            });
  }

  /** Returns those to greet. */
  private synchronized List<Presence> found(PresentOn on, Look look, ConnectionPage page) {
    List<Presence> joined = new ArrayList<>();
    if (byTopic.get(on.topic) != on) {
      return joined;
    }
    look.silent.addAll(page.missing());
    for (Connection connection : page.connections()) {
      String id = connection.id();
      String incarnation = look.incarnation(connection.node());
      look.listed.add(id);
      if (incarnation == null) {
        unasked.add(on.topic); // its node joined after the members were read
        continue;
      }
      Present before = on.there.get(id);
      boolean isNew = before != null || on.isNew(connection, incarnation);
      Long greeted = isNew ? nanoTime.getAsLong() : null;
      var present = new Present(incarnation, connection.kind(), connection.metadata(), greeted);
      if (before != null) {
        if (before.incarnation().equals(incarnation)) {
          look.where.add(id);
        } else {
          look.moved.put(id, present);
        }
      } else if (!incarnation.equals(roster.incarnation())
          && !look.meanwhile.contains(id)
          && put(on, id, present)
          && isNew) {
        joined.add(present.tell(Presence.Action.JOIN, on.topic, id));
      }
    }
    return joined;
  }

  /**
   * What all pages together say of those who were remembered before: who is nowhere has left, who
   * is elsewhere joined there. Nothing of those whose node was silent, or told of them meanwhile.
   */
  private synchronized List<Presence> concluded(PresentOn on, Look look, List<Member> members) {
    List<Presence> news = new ArrayList<>();
    if (byTopic.get(on.topic) != on) {
      return news;
    }
    Set<String> answered = look.answered(members);
    on.known(answered);
    if (!answered.containsAll(alive) || answered.size() < look.members.size()) {
      unasked.add(on.topic);
    }
    look.before.forEach(
        (id, present) -> {
          if (!present.equals(on.there.get(id))
              || look.meanwhile.contains(id)
              || look.where.contains(id)
              || !answered.contains(present.incarnation())) {
            return;
          }
          Present moved = look.moved.get(id);
          if (!look.listed.contains(id)) {
            remove(on, id);
            goodbyes.put(new Goodbye(on.topic, id, present.incarnation()), nanoTime.getAsLong());
            news.add(present.tell(Presence.Action.LEAVE, on.topic, id));
          } else if (moved != null && moved.incarnation().equals(roster.incarnation())) {
            remove(on, id); // It was told when it came here.
          } else if (moved != null) {
            put(on, id, moved);
            news.add(moved.tell(Presence.Action.JOIN, on.topic, id));
          }
        });
    return news;
  }

  private synchronized void ended(PresentOn on, @Nullable Throwable failure) {
    on.look = null;
    if (failure != null && byTopic.get(on.topic) == on) {
      unasked.add(on.topic);
    }
  }
}
