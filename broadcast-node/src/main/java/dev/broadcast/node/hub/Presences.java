package dev.broadcast.node.hub;

import dev.broadcast.api.connection.Connections;
import dev.broadcast.api.connection.Presence;
import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells who asked for it that somebody joins or leaves a topic, on whatever node. Nodes tell each
 * other which topics are watched; as long as none is, a connection that comes or goes costs one
 * look at an empty set. Any thread.
 */
final class Presences {
  private static final String WATCH = "watch";
  private static final String PRESENCE = "presence";
  private static final String LEARNED = "learned";
  private static final String LOST = "lost";
  private static final Duration ACK = Duration.ofSeconds(1);
  private static final long REPEAT = Duration.ofSeconds(5).toNanos();
  private static final long FORGET = Duration.ofSeconds(16).toNanos();

  private final Roster roster;
  private final Consumer<Presence> watchers;
  private final LongSupplier nanoTime;
  private final PresentElsewhere elsewhere;
  private final Map<String, Integer> mine = new ConcurrentHashMap<>();
  private final Map<String, Watched> others = new ConcurrentHashMap<>();
  private volatile Set<String> watched = Set.of();
  private volatile long told;
  private volatile boolean toldSome;

  /** What another node watches, and when it said so. */
  private record Watched(Set<String> topics, long heard) {}

  /**
   * @param watchers told of who joins or leaves a topic that this node watches
   */
  Presences(
      Roster roster,
      NodeNews news,
      Connections connections,
      Consumer<Presence> watchers,
      LongSupplier nanoTime) {
    this.roster = roster;
    this.watchers = watchers;
    this.nanoTime = nanoTime;
    elsewhere =
        new PresentElsewhere(
            roster, news, connections, this::here, PresentElsewhere.MOST, nanoTime);
  }

  /** Learns what the others watch; nobody waits for it. */
  void start() {
    var unused =
        roster.ask(WATCH, ACK).thenAccept(gathered -> gathered.answers().forEach(this::answered));
  }

  /** What others told may not have come here: the words of who came and went, and the questions. */
  void missed() {
    start();
    elsewhere.lookSoon();
  }

  /** What this node told may not have reached the others, who are to look for themselves. */
  void unheard() {
    sayAgain();
    roster.tell(LOST);
  }

  /** Begins to watch for a connection; completes when every node that answers knows. */
  CompletableFuture<Void> watch(StreamRequest request) {
    return ask(request)
        .handle(
            (gathered, failure) -> {
              request.topics().stream().filter(mine::containsKey).forEach(elsewhere::watch);
              return null;
            });
  }

  /** One at a time: what was said later must not know less, for it counts. */
  private synchronized CompletableFuture<Roster.Gathered> ask(StreamRequest request) {
    List<String> fresh = new ArrayList<>();
    for (String topic : request.topics()) {
      if (mine.merge(topic, 1, Integer::sum) == 1) {
        fresh.add(topic);
      }
    }
    combine();
    told = nanoTime.getAsLong();
    toldSome = true;
    return roster.ask(watching(fresh), ACK);
  }

  /**
   * What this node watches, in words for others.
   *
   * @param fresh nobody is on the lookout for who comes there, so nobody missed anything yet
   */
  private String watching(List<String> fresh) {
    Set<String> all = new LinkedHashSet<>(fresh);
    all.addAll(mine.keySet());
    return WATCH + '\n' + roster.nodeId() + '\n' + fresh.size() + '\n' + String.join("\n", all);
  }

  private synchronized void sayAgain() {
    told = nanoTime.getAsLong();
    toldSome = !mine.isEmpty();
    roster.tell(watching(List.of()));
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
      sayAgain();
    }
    if (others.values().removeIf(other -> now - other.heard > FORGET)) {
      combine();
    }
  }

  /** Whether it was meant for this class. */
  boolean concerns(String text) {
    return text.startsWith(WATCH)
        || text.startsWith(PRESENCE)
        || text.startsWith(LEARNED)
        || text.equals(LOST);
  }

  /** Another node says what it watches and asks what is watched here. */
  String asked(String question) {
    watches(question);
    return topics();
  }

  /**
   * Another node repeats what it watches, learned late what is watched, tells who came or went, or
   * that such words were lost.
   */
  void told(String text) {
    if (text.equals(LOST)) {
      elsewhere.lookSoon();
      return;
    }
    String[] words = text.split("\n", 3);
    if (words.length < 3) {
      return;
    }
    switch (words[0]) {
      case WATCH -> watches(text);
      case LEARNED -> {
        if (words[1].equals(roster.nodeId())) {
          elsewhere.look(names(words[2]));
        }
      }
      case PRESENCE -> happened(words[1], Presence.parse(words[2]));
      default -> {}
    }
  }

  private void watches(String text) {
    String[] words = text.split("\n", 4);
    if (words.length < 4 || words[1].equals(roster.nodeId())) {
      return;
    }
    List<String> topics = names(words[3]);
    if (!words[2].matches("[0-9]{1,6}")) {
      return; // Whoever writes to this Redis may have said it.
    }
    int fresh = Math.min(Integer.parseInt(words[2]), topics.size());
    learned(words[1], Set.copyOf(topics), topics.subList(0, fresh));
  }

  /** An answer may be older than what was heard since, so it takes nothing away. */
  private void answered(String node, String topics) {
    if (!node.equals(roster.nodeId())) {
      Set<String> all = new HashSet<>(names(topics));
      Watched before = others.get(node);
      if (before != null) {
        all.addAll(before.topics);
      }
      learned(node, Set.copyOf(all), List.of());
    }
  }

  private static List<String> names(String lines) {
    return lines.isEmpty() ? List.of() : List.of(lines.split("\n", -1));
  }

  /**
   * What another node watches. Of what it did not just begin with, and was not heard then (this one
   * had just started, or did not answer in time), who came here meanwhile was told to nobody there,
   * so that node has to look again.
   */
  private void learned(String node, Set<String> topics, List<String> fresh) {
    Watched before =
        topics.isEmpty()
            ? others.remove(node)
            : others.put(node, new Watched(topics, nanoTime.getAsLong()));
    combine();
    Set<String> late = new HashSet<>(topics);
    fresh.forEach(late::remove);
    if (before != null) {
      late.removeAll(before.topics);
    }
    if (!late.isEmpty()) {
      roster.tell(LEARNED + '\n' + node + '\n' + String.join("\n", late));
    }
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
    if (elsewhere.happened(incarnation, presence)) {
      here(presence);
    }
  }

  private boolean watchedElsewhere(String topic) {
    for (Watched other : new ArrayList<>(others.values())) {
      if (other.topics.contains(topic)) {
        return true;
      }
    }
    return false;
  }

  private void here(Presence presence) {
    if (mine.containsKey(presence.topic())) {
      watchers.accept(presence);
    }
  }
}
