package dev.broadcast.node.backplane;

import java.util.List;

/**
 * Pages of several topics of one shard, read at one moment.
 *
 * @param state the shard at that moment; if its epoch is not the one asked for, there are no pages
 * @param pages one for each topic asked for, in that order
 */
public record HistoryRead(ShardState state, List<TopicPage> pages) {
  public HistoryRead {
    pages = List.copyOf(pages);
  }
}
