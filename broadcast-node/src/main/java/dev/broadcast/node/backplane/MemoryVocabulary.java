package dev.broadcast.node.backplane;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The vocabulary of a node that stands alone. All state is the hub thread's. */
public final class MemoryVocabulary implements Vocabulary {
  private final HubThread hubThread;
  private final TreeSet<String> types = new TreeSet<>();

  /**
   * With no type registered.
   *
   * @param hubThread runs one task at a time, in the order given
   */
  public MemoryVocabulary(Executor hubThread) {
    this.hubThread = new HubThread(hubThread);
  }

  @Override
  public CompletableFuture<Set<String>> with(Set<String> known) {
    return hubThread.call(
        () -> {
          types.addAll(known);
          return Set.copyOf(types);
        });
  }
}
