package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** What the nodes of a cluster tell each other, by subject. Any thread. */
public final class NodeNews {
  private static final String PREFIX = "news\n";

  /**
   * How long a node may be missing among the leases before it counts as gone. A Redis that came
   * back without them, or after they ended, is told of each node again within about a second.
   */
  private static final long GRACE = Duration.ofSeconds(3).toNanos();

  private final Roster roster;
  private final LongSupplier nanoTime;
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private final Map<String, BiConsumer<String, String>> listeners = new ConcurrentHashMap<>();

  NodeNews(Roster roster, LongSupplier nanoTime) {
    this.roster = roster;
    this.nanoTime = nanoTime;
  }

  /**
   * Listens to a subject.
   *
   * @param listener gets the incarnation of the node that tells, and its text
   */
  public void on(String subject, BiConsumer<String, String> listener) {
    listeners.put(subject, listener);
  }

  /** Tells all other nodes; nobody answers. */
  public void tell(String subject, String text) {
    roster.tell(PREFIX + subject + '\n' + roster.incarnation() + '\n' + text);
  }

  /**
   * The incarnations of the live nodes and of those that were a moment ago; none while this node is
   * cut off.
   */
  public CompletableFuture<Set<String>> alive() {
    return roster.members().thenApply(this::alive);
  }

  private Set<String> alive(List<Roster.Member> members) {
    long now = nanoTime.getAsLong();
    boolean member = false;
    for (Roster.Member each : members) {
      seen.put(each.incarnation(), now);
      member |= each.incarnation().equals(roster.incarnation());
    }
    seen.values().removeIf(when -> now - when > GRACE);
    return member ? new HashSet<>(seen.keySet()) : Set.of();
  }

  /** Hands on what another node told; answers whether it was news. */
  boolean told(String text) {
    if (!text.startsWith(PREFIX)) {
      return false;
    }
    String[] words = text.split("\n", 4);
    if (words.length == 4) {
      seen.put(words[2], nanoTime.getAsLong());
    }
    BiConsumer<String, String> listener = words.length < 4 ? null : listeners.get(words[1]);
    if (listener != null) {
      listener.accept(words[2], words[3]);
    }
    return true;
  }
}
