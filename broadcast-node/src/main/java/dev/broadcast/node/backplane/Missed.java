package dev.broadcast.node.backplane;

import java.util.List;

/**
 * What a node missed of a shard: the log says which number went to which topic, the topics' streams
 * hold the messages.
 *
 * @param state the shard when the log was read; if its epoch is not the one asked for, the rest is
 *     empty
 * @param logStartsAfter the log covers only numbers above this; if it is greater than the asked
 *     place, the log is too short
 * @param items the numbers after the asked place, ascending and without holes, as far as the limit
 *     allowed
 */
public record Missed(ShardState state, long logStartsAfter, List<Item> items) {
  public Missed {
    items = List.copyOf(items);
  }

  /** One number of the sequence. */
  public sealed interface Item {
    /** The number. */
    long sequence();

    /** Its topic. */
    String topic();
  }

  /**
   * It is still there.
   *
   * @param entry the entry
   */
  public record Kept(Entry entry) implements Item {
    @Override
    public long sequence() {
      return entry.sequence();
    }

    @Override
    public String topic() {
      return entry.topic();
    }
  }

  /**
   * History no longer holds it.
   *
   * @param sequence the number
   * @param topic its topic
   * @param cleared whether because the topic was cleared
   */
  public record Gone(long sequence, String topic, boolean cleared) implements Item {}
}
