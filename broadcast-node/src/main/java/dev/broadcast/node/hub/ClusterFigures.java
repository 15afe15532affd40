package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Roster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every node of the cluster says of itself, as JSON. Asked at most once a second and only when
 * somebody wants to know, however many do: what it costs depends on neither viewers nor
 * connections. Any thread.
 */
public final class ClusterFigures {
  private static final Duration WAIT = Duration.ofMillis(800);

  /** Less than the second after which viewers ask again, so that each time they get a new one. */
  private static final long GOOD_FOR = TimeUnit.MILLISECONDS.toNanos(900);

  private final Roster roster;
  private final LongSupplier nanoTime;
  private volatile Supplier<String> own = () -> "{}";
  private @Nullable CompletableFuture<All> latest;
  private long asked;

  ClusterFigures(Roster roster, LongSupplier nanoTime) {
    this.roster = roster;
    this.nanoTime = nanoTime;
  }

  /**
   * What this node says of itself.
   *
   * @param figures one JSON object; called on any thread
   */
  public void own(Supplier<String> figures) {
    own = figures;
  }

  /** This node's answer to {@link Question#FIGURES}. */
  String own() {
    return own.get();
  }

  /** Of all nodes, at most a second old. */
  public synchronized CompletableFuture<All> latest() {
    long now = nanoTime.getAsLong();
    CompletableFuture<All> known = latest;
    if (known != null && now - asked < GOOD_FOR) {
      return known;
    }
    asked = now;
    CompletableFuture<All> next =
        roster
            .ask(Question.FIGURES, WAIT)
            .thenApply(g -> new All(roster.nodeId(), g.answers(), g.missing(), false))
            .orTimeout(2 * WAIT.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(gone -> alone())
            .thenApply(all -> all.nodes().isEmpty() ? alone() : all);
    latest = next;
    return next;
  }

  private All alone() {
    return new All(roster.nodeId(), Map.of(roster.nodeId(), own()), List.of(), true);
  }

  /**
   * The cluster as one node sees it.
   *
   * @param asked the node that asked the others
   * @param nodes by id, one JSON object each
   * @param missing ids of live nodes that were silent
   * @param cutOff whether the others could not be asked, so that it is the only one in here
   */
  public record All(
      String asked, Map<String, String> nodes, List<String> missing, boolean cutOff) {}
}
