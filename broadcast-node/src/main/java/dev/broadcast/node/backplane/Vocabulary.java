package dev.broadcast.node.backplane;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The message types that were registered in the cluster. It only grows. Any thread; the future
 * completes on the hub executor and fails with {@link BackplaneException} when the backplane cannot
 * answer now.
 */
public interface Vocabulary {
  /**
   * Registers types for all nodes, those that start later included.
   *
   * @param known what this node knows, perhaps nothing new: what the backplane has lost is
   *     registered again
   * @return all registered types
   */
  CompletableFuture<Set<String>> with(Set<String> known);
}
