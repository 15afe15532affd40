package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.HistoryRead;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.hub.Hub.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads of a topic's history for {@code GET /history}. Any thread. */
final class HistoryQueries {
  private final Backplane backplane;
  private final int historySize;

  HistoryQueries(Backplane backplane, int historySize) {
    this.backplane = backplane;
    this.historySize = historySize;
  }

  CompletableFuture<List<StoredMessage>> messages(
      String topic, int limit, @Nullable String after, boolean addressed) {
    if (after == null) {
      return last(topic, limit, limit, addressed);
    }
    int shard = backplane.shardOf(topic);
    @Nullable MessageId place = Cursor.parse(after).map(c -> c.in(shard)).orElse(null);
    if (place == null) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("no cursor of topic " + topic));
    }
    return first(topic, shard, place.epoch(), place.sequence(), limit, addressed, List.of());
  }

  /** The last {@code limit} that may be shown; looks further back if some may not. */
  private CompletableFuture<List<StoredMessage>> last(
      String topic, int limit, int read, boolean addressed) {
    int all = 2 * Math.max(historySize, 200);
    return backplane
        .readLast(topic, read)
        .thenCompose(
            answer -> {
              List<StoredMessage> shown = shown(answer, addressed);
              boolean mayBeMore = read < all && answer.pages().get(0).entries().size() >= read;
              if (shown.size() < limit && mayBeMore) {
                return last(topic, limit, all, addressed);
              }
              return CompletableFuture.completedFuture(
                  shown.subList(Math.max(0, shown.size() - limit), shown.size()));
            });
  }

  /** The first {@code limit} after a number; goes on reading if some may not be shown. */
  private CompletableFuture<List<StoredMessage>> first(
      String topic,
      int shard,
      String epoch,
      long after,
      int limit,
      boolean addressed,
      List<StoredMessage> before) {
    return backplane
        .read(shard, epoch, List.of(topic), after, limit)
        .thenCompose(
            answer -> {
              if (answer.pages().isEmpty()) { // another epoch: all of this one comes after it
                return first(topic, shard, answer.state().epoch(), 0, limit, addressed, List.of());
              }
              List<StoredMessage> shown = new ArrayList<>(before);
              shown.addAll(shown(answer, addressed));
              List<Entry> entries = answer.pages().get(0).entries();
              if (shown.size() < limit && answer.pages().get(0).more()) {
                long next = entries.get(entries.size() - 1).sequence();
                return first(topic, shard, epoch, next, limit, addressed, shown);
              }
              return CompletableFuture.completedFuture(
                  shown.subList(0, Math.min(limit, shown.size())));
            });
  }

  private static List<StoredMessage> shown(HistoryRead answer, boolean addressed) {
    List<StoredMessage> shown = new ArrayList<>();
    for (Entry entry : answer.pages().get(0).entries()) {
      if (entry.kind() == Entry.Kind.MESSAGE) {
        Event event = readable(entry);
        if (event != null && (addressed || event.payload().to().isEmpty())) {
          shown.add(new StoredMessage(event.id(), event.toJson()));
        }
      }
    }
    return shown;
  }

  private static @Nullable Event readable(Entry entry) {
    try {
      return Event.of(entry);
    } catch (IllegalArgumentException e) {
      return null; // not written by a node
    }
  }
}
