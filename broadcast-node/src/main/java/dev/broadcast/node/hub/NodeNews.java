package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** What the nodes of a cluster tell each other, by subject. Any thread. */
public final class NodeNews {
  private static final String PREFIX = "news\n";

  private final Roster roster;
  private final Map<String, BiConsumer<String, String>> listeners = new ConcurrentHashMap<>();

  NodeNews(Roster roster) {
    this.roster = roster;
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

  /** The incarnations of the live nodes; none while this node is cut off. */
  public CompletableFuture<Set<String>> alive() {
    return roster
        .members()
        .thenApply(
            members -> {
              Set<String> alive =
                  members.stream().map(Roster.Member::incarnation).collect(Collectors.toSet());
              return alive.contains(roster.incarnation()) ? alive : Set.of();
            });
  }

  /** Hands on what another node told; answers whether it was news. */
  boolean told(String text) {
    if (!text.startsWith(PREFIX)) {
      return false;
    }
    String[] words = text.split("\n", 4);
    BiConsumer<String, String> listener = words.length < 4 ? null : listeners.get(words[1]);
    if (listener != null) {
      listener.accept(words[2], words[3]);
    }
    return true;
  }
}
