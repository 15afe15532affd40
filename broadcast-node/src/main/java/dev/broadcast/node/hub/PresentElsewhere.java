package dev.broadcast.node.hub;

import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionPage;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.connection.Connections;
import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.backplane.Roster;
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
  private final Map<String, Map<String, Present>> byTopic = new HashMap<>();
  private final Set<String> unasked = new HashSet<>();
  private final Map<String, Set<String>> leftWhileAsking = new HashMap<>();
  private Set<String> alive = Set.of();
  private int known;
  private boolean full;

  /**
   * A connection of another node, and which start of that node has it.
   *
   * @param greeted when its join was told because it was found; null if its node told it
   */
  private record Present(
      String incarnation, String kind, Map<String, String> metadata, @Nullable Long greeted) {}

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
      if (byTopic.putIfAbsent(topic, new HashMap<>()) != null) {
        return;
      }
    }
    ask(topic, false);
  }

  /** A node learned only now that these are watched: whoever came to it meanwhile is greeted. */
  void lookAgain(List<String> topics) {
    topics.forEach(topic -> ask(topic, true));
  }

  synchronized void unwatch(String topic) {
    Map<String, Present> gone = byTopic.remove(topic);
    known -= gone == null ? 0 : gone.size();
    unasked.remove(topic);
  }

  /**
   * Somebody joined or left on a node.
   *
   * @param incarnation of that node; this one's own, too, since a client may have come here
   * @return whether it is news to the watchers
   */
  synchronized boolean happened(String incarnation, Presence presence) {
    Map<String, Present> there = byTopic.get(presence.topic());
    if (there == null) {
      return true;
    }
    String id = presence.connectionId();
    Present before = there.get(id);
    if (presence.action() == Presence.Action.JOIN && !incarnation.equals(roster.incarnation())) {
      put(there, id, new Present(incarnation, presence.kind(), presence.metadata(), null));
      return before == null
          || before.greeted == null
          || !before.incarnation.equals(incarnation)
          || nanoTime.getAsLong() - before.greeted > UNDER_WAY;
    } else {
      // Who is at another node by now was taken over there; the old one need not say so.
      if (before != null
          && (presence.action() == Presence.Action.JOIN
              || before.incarnation.equals(incarnation))) {
        there.remove(id);
        known--;
      }
      leftWhileAsking.computeIfPresent(
          presence.topic(),
          (topic, left) -> {
            left.add(id);
            return left;
          });
      return true;
    }
  }

  /** Returns whether it is remembered. */
  private boolean put(Map<String, Present> there, String id, Present present) {
    if (known >= most && !there.containsKey(id)) {
      if (!full) {
        LOG.warn("event=presence_full connections={} reason=\"more are not remembered\"", most);
      }
      full = true;
      return false;
    }
    if (there.put(id, present) == null) {
      known++;
    }
    return true;
  }

  /** Says goodbye for the clients of nodes that are gone; called about every second. */
  void tick() {
    synchronized (this) {
      if (byTopic.isEmpty()) {
        return;
      }
    }
    var unused = news.alive().thenAccept(this::look);
  }

  private void look(Set<String> now) {
    if (now.isEmpty()) {
      return; // this node itself is cut off, and cannot tell who is not
    }
    List<Presence> left = new ArrayList<>();
    List<String> ask = new ArrayList<>();
    synchronized (this) {
      byTopic.forEach((topic, there) -> takeThoseOfTheDead(topic, there, now, left));
      known -= left.size();
      // A node that was not there when they were asked may have come with clients.
      ask.addAll(alive.containsAll(now) ? unasked : byTopic.keySet());
      unasked.clear();
      alive = Set.copyOf(now);
    }
    left.forEach(tell);
    lookAgain(ask);
  }

  private static void takeThoseOfTheDead(
      String topic, Map<String, Present> there, Set<String> alive, List<Presence> left) {
    there
        .entrySet()
        .removeIf(
            entry -> {
              Present present = entry.getValue();
              if (alive.contains(present.incarnation)) {
                return false;
              }
              left.add(
                  new Presence(
                      Presence.Action.LEAVE,
                      topic,
                      entry.getKey(),
                      present.kind,
                      present.metadata));
              return true;
            });
  }

  /**
   * Asks all nodes who is there, page by page.
   *
   * @param greet whether those nobody knew of joined since the topic is watched
   */
  private void ask(String topic, boolean greet) {
    synchronized (this) {
      if (!byTopic.containsKey(topic)) {
        return;
      }
      if (leftWhileAsking.putIfAbsent(topic, new HashSet<>()) != null) {
        unasked.add(topic); // again, when those who are being asked have answered
        return;
      }
    }
    var unused =
        roster
            .members()
            .thenCompose(
                members -> {
                  Map<String, String> incarnations = new HashMap<>();
                  members.forEach(m -> incarnations.put(m.nodeId(), m.incarnation()));
                  return page(
                      ConnectionQuery.all().onTopic(topic).limit(ConnectionQuery.MAX_LIMIT),
                      topic,
                      incarnations,
                      greet);
                })
            .whenComplete((done, failure) -> asked(topic, failure));
  }

  private CompletableFuture<Void> page(
      ConnectionQuery query, String topic, Map<String, String> incarnations, boolean greet) {
    return connections
        .list(query)
        .thenCompose(
            page -> {
              List<Presence> joined = found(topic, page, incarnations, greet);
              joined.forEach(tell);
              return page.next() == null
                  ? CompletableFuture.completedFuture(null)
                  : page(query.next(page.next()), topic, incarnations, greet);
            });
  }

  /** Returns those to greet. */
  private synchronized List<Presence> found(
      String topic, ConnectionPage page, Map<String, String> incarnations, boolean greet) {
    List<Presence> joined = new ArrayList<>();
    Map<String, Present> there = byTopic.get(topic);
    if (there == null) {
      return joined;
    }
    Set<String> left = leftWhileAsking.getOrDefault(topic, Set.of());
    for (Connection connection : page.connections()) {
      String id = connection.id();
      String incarnation = incarnations.get(connection.node());
      if (incarnation == null) {
        unasked.add(topic); // its node joined after the members were read
        continue;
      }
      if (incarnation.equals(roster.incarnation()) || left.contains(id) || there.containsKey(id)) {
        continue;
      }
      Long greeted = greet ? nanoTime.getAsLong() : null;
      var present = new Present(incarnation, connection.kind(), connection.metadata(), greeted);
      if (put(there, id, present) && greet) {
        joined.add(
            new Presence(
                Presence.Action.JOIN, topic, id, connection.kind(), connection.metadata()));
      }
    }
    if (!page.missing().isEmpty()) {
      unasked.add(topic);
    }
    return joined;
  }

  private synchronized void asked(String topic, @Nullable Throwable failure) {
    leftWhileAsking.remove(topic);
    if (failure != null && byTopic.containsKey(topic)) {
      unasked.add(topic);
    }
  }
}
