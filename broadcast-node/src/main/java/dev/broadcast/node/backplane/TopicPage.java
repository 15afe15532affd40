package dev.broadcast.node.backplane;

import java.util.List;

/**
 * A page of one topic's kept history, read from the master in one step with the shard's state.
 *
 * @param topic which
 * @param entries ascending, all after the asked place, age already applied; clearings included
 * @param more whether kept entries follow that the limit cut off
 * @param firstPredecessor the predecessor of the first entry that is kept at all, or -1 if nothing
 *     is kept
 * @param last the topic's last number, 0 if it never had one, an upper bound where it was pruned
 * @param clearedThrough the last number whose clearing is known, 0 for none: says why a cursor
 *     below {@code firstPredecessor} is cut
 */
public record TopicPage(
    String topic,
    List<Entry> entries,
    boolean more,
    long firstPredecessor,
    long last,
    long clearedThrough) {

  public TopicPage {
    entries = List.copyOf(entries);
  }

  /** Whether every message of the topic after {@code sequence} is kept. */
  public boolean honours(long sequence) {
    return last <= sequence || (firstPredecessor >= 0 && firstPredecessor <= sequence);
  }
}
