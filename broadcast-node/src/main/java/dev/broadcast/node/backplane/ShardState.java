package dev.broadcast.node.backplane;

import java.util.List;

/**
 * What the master said of a shard at one moment.
 *
 * @param shard which
 * @param epoch the sequence's lifetime
 * @param lineage the generations of this lifetime, oldest first, the current one last; the first
 *     kept may be later than the epoch's first
 * @param head the last number given out
 * @param serverMillis the master's clock
 */
public record ShardState(
    int shard, String epoch, List<GenerationStart> lineage, long head, long serverMillis) {

  /**
   * A generation and the number after which it begins; it ends where the next one begins.
   *
   * @param generation its name
   * @param startsAfter the last number before it
   */
  public record GenerationStart(String generation, long startsAfter) {}

  public ShardState {
    lineage = List.copyOf(lineage);
    if (lineage.isEmpty()) {
      throw new IllegalArgumentException("lineage: at least the current generation expected");
    }
  }

  /** The generation that numbers messages now. */
  public String generation() {
    return lineage.get(lineage.size() - 1).generation();
  }
}
