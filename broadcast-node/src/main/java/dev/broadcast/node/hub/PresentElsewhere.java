package dev.broadcast.node.hub;

import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionPage;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.connection.Connections;
import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.backplane.Roster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is on the topics that this node watches, on the other nodes: so that somebody can say goodbye
 * for the clients of a node that was killed. Each watching node does it for its own watchers, from
 * what it was told and what it asked when it began to watch, so nothing is sent and nothing is told
 * twice. Any thread.
 */
final class PresentElsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(PresentElsewhere.class);

  /** As many as one node serves; about 20 MB. Those beyond leave without a word. */
  static final int MOST = 100_000;

  private final Roster roster;
  private final NodeNews news;
  private final Connections connections;
  private final Consumer<Presence> tell;
  private final int most;
  private final Map<String, Map<String, Present>> byTopic = new HashMap<>();
  private final Set<String> unasked = new HashSet<>();
  private final Map<String, Set<String>> leftWhileAsking = new HashMap<>();
  private Set<String> alive = Set.of();
  private int known;
  private boolean full;

  /** A connection of another node, and which start of that node has it. */
  private record Present(String incarnation, String kind, Map<String, String> metadata) {}

  /**
   * @param connections of all nodes
   * @param tell told of everyone who left with a node
   * @param most connections to remember
   */
  PresentElsewhere(
      Roster roster, NodeNews news, Connections connections, Consumer<Presence> tell, int most) {
    this.roster = roster;
    this.news = news;
    this.connections = connections;
    this.tell = tell;
    this.most = most;
  }

  /** Begins with a topic whose joins and leaves are told from now on. */
  void watch(String topic) {
    synchronized (this) {
      if (byTopic.putIfAbsent(topic, new HashMap<>()) != null) {
        return;
      }
    }
    ask(topic);
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
   */
  synchronized void happened(String incarnation, Presence presence) {
    Map<String, Present> there = byTopic.get(presence.topic());
    if (there == null) {
      return;
    }
    String id = presence.connectionId();
    if (presence.action() == Presence.Action.JOIN && !incarnation.equals(roster.incarnation())) {
      put(there, id, new Present(incarnation, presence.kind(), presence.metadata()));
    } else {
      Present before = there.get(id);
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
    }
  }

  private void put(Map<String, Present> there, String id, Present present) {
    if (known >= most && !there.containsKey(id)) {
      if (!full) {
        LOG.warn("event=presence_full connections={} reason=\"more are not remembered\"", most);
      }
      full = true;
      return;
    }
    if (there.put(id, present) == null) {
      known++;
    }
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
    ask.forEach(this::ask);
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

  /** Asks all nodes who is there, page by page. */
  private void ask(String topic) {
    synchronized (this) {
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
                      incarnations);
                })
            .whenComplete((done, failure) -> asked(topic, failure));
  }

  private CompletableFuture<Void> page(
      ConnectionQuery query, String topic, Map<String, String> incarnations) {
    return connections
        .list(query)
        .thenCompose(
            page -> {
              String next = heard(topic, page, incarnations);
              return next == null
                  ? CompletableFuture.completedFuture(null)
                  : page(query.next(next), topic, incarnations);
            });
  }

  private synchronized @Nullable String heard(
      String topic, ConnectionPage page, Map<String, String> incarnations) {
    Map<String, Present> there = byTopic.get(topic);
    if (there == null) {
      return null;
    }
    Set<String> left = leftWhileAsking.getOrDefault(topic, Set.of());
    for (Connection connection : page.connections()) {
      String incarnation = incarnations.get(connection.node());
      if (incarnation == null || incarnation.equals(roster.incarnation())) {
        continue;
      }
      if (!left.contains(connection.id()) && !there.containsKey(connection.id())) {
        put(
            there,
            connection.id(),
            new Present(incarnation, connection.kind(), connection.metadata()));
      }
    }
    if (!page.missing().isEmpty()) {
      unasked.add(topic);
    }
    return page.next();
  }

  private synchronized void asked(String topic, @Nullable Throwable failure) {
    leftWhileAsking.remove(topic);
    if (failure != null && byTopic.containsKey(topic)) {
      unasked.add(topic);
    }
  }
}
