package dev.broadcast.node.hub;

import dev.broadcast.api.connection.Connections;
import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Tells who asked for it that somebody joins or leaves a topic, on whatever node. Nodes tell each
 * other which topics are watched; as long as none is, a connection that comes or goes costs one
 * look at an empty set. Any thread.
 */
final class Presences {
  private static final String WATCH = "watch";
  private static final String PRESENCE = "presence";
  private static final Duration ACK = Duration.ofSeconds(1);
  private static final long REPEAT = Duration.ofSeconds(5).toNanos();
  private static final long FORGET = Duration.ofSeconds(16).toNanos();

  private final Roster roster;
  private final List<Loop> loops;
  private final LongSupplier nanoTime;
  private final PresentElsewhere elsewhere;
  private final Map<String, Integer> mine = new ConcurrentHashMap<>();
  private final Map<String, Watched> others = new ConcurrentHashMap<>();
  private volatile Set<String> watched = Set.of();
  private volatile long told;
  private volatile boolean toldSome;

  /** What another node watches, and when it said so. */
  private record Watched(Set<String> topics, long heard) {}

  Presences(
      Roster roster,
      NodeNews news,
      Connections connections,
      List<Loop> loops,
      LongSupplier nanoTime) {
    this.roster = roster;
    this.loops = loops;
    this.nanoTime = nanoTime;
    elsewhere = new PresentElsewhere(roster, news, connections, this::here, PresentElsewhere.MOST);
  }

  /** Learns what the others watch; nobody waits for it. */
  void start() {
    var unused =
        roster
            .ask(WATCH, ACK)
            .thenAccept(
                gathered ->
                    gathered
                        .answers()
                        .forEach(
                            (node, topics) -> {
                              if (!node.equals(roster.nodeId())) {
                                heard(node, topics);
                              }
                            }));
  }

  /** Begins to watch for a connection; completes when every node that answers knows. */
  CompletableFuture<Void> watch(StreamRequest request) {
    request.topics().forEach(topic -> mine.merge(topic, 1, Integer::sum));
    combine();
    told = nanoTime.getAsLong();
    toldSome = true;
    return roster
        .ask(WATCH + '\n' + roster.nodeId() + '\n' + topics(), ACK)
        .handle(
            (gathered, failure) -> {
              request.topics().stream().filter(mine::containsKey).forEach(elsewhere::watch);
              return null;
            });
  }

  /** A connection that watched ended, or was not opened. The others learn it by and by. */
  void unwatch(StreamRequest request) {
    request
        .topics()
        .forEach(
            topic -> {
              if (mine.computeIfPresent(topic, (t, count) -> count == 1 ? null : count - 1)
                  == null) {
                elsewhere.unwatch(topic);
              }
            });
    combine();
  }

  /** Repeats what this node watches, and forgets who is silent; called about every second. */
  void tick() {
    elsewhere.tick();
    long now = nanoTime.getAsLong();
    if ((toldSome || !mine.isEmpty()) && now - told > REPEAT) {
      told = now;
      toldSome = !mine.isEmpty();
      roster.tell(WATCH + '\n' + roster.nodeId() + '\n' + topics());
    }
    if (others.values().removeIf(other -> now - other.heard > FORGET)) {
      combine();
    }
  }

  /** Whether it was a question for this class; then its answer. */
  boolean concerns(String text) {
    return text.startsWith(WATCH) || text.startsWith(PRESENCE);
  }

  /** Another node says what it watches, asks what is watched here, or tells who came or went. */
  String told(String text) {
    String[] words = text.split("\n", 3);
    if (words[0].equals(WATCH) && words.length == 3) {
      if (!words[1].equals(roster.nodeId())) {
        heard(words[1], words[2]);
      }
    } else if (words[0].equals(PRESENCE) && words.length == 3) {
      happened(words[1], Presence.parse(words[2]));
    }
    return topics();
  }

  private void heard(String node, String topics) {
    if (topics.isEmpty()) {
      others.remove(node);
    } else {
      others.put(node, new Watched(Set.of(topics.split("\n", -1)), nanoTime.getAsLong()));
    }
    combine();
  }

  private String topics() {
    return String.join("\n", mine.keySet());
  }

  private synchronized void combine() {
    Set<String> all = new HashSet<>(mine.keySet());
    others.values().forEach(other -> all.addAll(other.topics));
    watched = Set.copyOf(all);
  }

  /** A connection opened or ended. */
  void happened(Presence.Action action, StreamRequest request, String connectionId) {
    Set<String> wanted = watched;
    if (wanted.isEmpty()) {
      return;
    }
    for (String topic : request.topics()) {
      if (wanted.contains(topic)) {
        Presence presence =
            new Presence(action, topic, connectionId, request.kind(), request.metadata());
        happened(roster.incarnation(), presence);
        if (watchedElsewhere(topic)) {
          roster.tell(PRESENCE + '\n' + roster.incarnation() + '\n' + presence.toJson());
        }
      }
    }
  }

  private void happened(String incarnation, Presence presence) {
    elsewhere.happened(incarnation, presence);
    here(presence);
  }

  private boolean watchedElsewhere(String topic) {
    for (Watched other : new ArrayList<>(others.values())) {
      if (other.topics.contains(topic)) {
        return true;
      }
    }
    return false;
  }

  /** Tells this node's watchers, but not the one who it is about. */
  private void here(Presence presence) {
    String topic = presence.topic();
    if (!mine.containsKey(topic)) {
      return;
    }
    String json = presence.toJson();
    for (Loop loop : loops) {
      loop.execute(() -> loop.watchers().tell(topic, presence.connectionId(), json));
    }
  }
}
