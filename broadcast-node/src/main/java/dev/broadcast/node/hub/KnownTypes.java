package dev.broadcast.node.hub;

import dev.broadcast.api.Names;
import dev.broadcast.api.broadcaster.EventTypes;
import dev.broadcast.api.broadcaster.UnknownTypeException;
import dev.broadcast.node.backplane.Vocabulary;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary as this node knows it. A type that it does not know may have been registered on
 * another node a moment ago: so it asks the backplane before it refuses one, and nothing need be
 * told around. Any thread.
 */
public final class KnownTypes {
  private final boolean strict;
  private final Vocabulary shared;
  private volatile Set<String> registered;
  private volatile EventTypes types;
  private @Nullable CompletableFuture<EventTypes> asking;
  private @Nullable CompletableFuture<EventTypes> askingNext;

  /**
   * Knows the standard types and these.
   *
   * @param strict whether unknown types are refused
   * @param configured further types that this node knows from the start, and tells the others
   */
  public KnownTypes(boolean strict, Set<String> configured, Vocabulary shared) {
    this.strict = strict;
    this.shared = shared;
    this.registered = Set.copyOf(configured);
    this.types = new EventTypes(strict, configured);
  }

  /** What this node knows without asking. */
  public EventTypes now() {
    return types;
  }

  /** Whether the type may be published, as far as this node knows; null is the unnamed one. */
  boolean knows(@Nullable String type) {
    return !strict || type == null || types.types().contains(type);
  }

  /**
   * Asks the cluster about a type that this node does not know.
   *
   * @return fails with {@link UnknownTypeException} if nobody does
   */
  CompletableFuture<Void> ask(String type) {
    return refresh()
        .thenApply(
            all -> {
              all.check(type);
              return null;
            });
  }

  /** The vocabulary of the cluster as it is now. */
  public CompletableFuture<EventTypes> refresh() {
    CompletableFuture<EventTypes> mine;
    synchronized (this) {
      // An answer that is on its way may be older than what is asked for.
      if (asking != null) {
        askingNext = askingNext == null ? new CompletableFuture<>() : askingNext;
        return askingNext;
      }
      mine = new CompletableFuture<>();
      asking = mine;
    }
    begin(mine);
    return mine;
  }

  private void begin(CompletableFuture<EventTypes> answer) {
    var unused =
        shared
            .with(registered)
            .whenComplete(
                (all, failure) -> {
                  CompletableFuture<EventTypes> next;
                  synchronized (this) {
                    next = askingNext;
                    asking = next;
                    askingNext = null;
                  }
                  if (next != null) {
                    begin(next);
                  }
                  if (failure == null) {
                    answer.complete(learned(all));
                  } else {
                    answer.completeExceptionally(failure);
                  }
                });
  }

  /**
   * Registers a type on all nodes.
   *
   * @throws dev.broadcast.api.InvalidMessageException if it is none, or reserved
   */
  public CompletableFuture<EventTypes> register(String type) {
    Names.type("type", type);
    return shared.with(Set.of(type)).thenApply(this::learned);
  }

  private synchronized EventTypes learned(Set<String> all) {
    Set<String> more = new HashSet<>(registered);
    for (String type : all) {
      if (isType(type)) {
        more.add(type);
      }
    }
    if (more.size() > registered.size()) {
      registered = Set.copyOf(more);
      types = new EventTypes(strict, more);
    }
    return types;
  }

  /** Anybody may write into Redis. */
  private static boolean isType(String text) {
    try {
      return !Names.type("type", text).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
