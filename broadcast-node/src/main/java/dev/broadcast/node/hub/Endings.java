package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Backplane;
import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.HistoryRead;
import dev.broadcast.node.backplane.MessageId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Whether a client that comes back had its {@code until} event already: its cursor says so, or is
 * that event's own id, because the client left before it was told more. Any thread.
 */
final class Endings {
  private final Backplane backplane;

  Endings(Backplane backplane) {
    this.backplane = backplane;
  }

  /** Never fails: where history cannot be asked, the stream opens and is judged by what it gets. */
  CompletableFuture<Boolean> ended(StreamRequest request) {
    if (request.extras().until().isEmpty()
        || !(request.start() instanceof StreamRequest.Start.After after)) {
      return CompletableFuture.completedFuture(false);
    }
    Cursor cursor = Cursor.parse(after.cursor()).orElse(null);
    if (cursor == null || cursor.ended()) {
      return CompletableFuture.completedFuture(cursor != null);
    }
    if (cursor.suffix() != null) {
      // The place where its stream stood, and no event that it got.
      return CompletableFuture.completedFuture(false);
    }
    Selection selection = Selection.of(request, backplane::shardOf);
    MessageId place = cursor.positions().get(0);
    int index = place.sequence() == 0 ? -1 : selection.shards().indexOf(place.shard());
    if (index < 0) {
      return CompletableFuture.completedFuture(false);
    }
    List<String> topics = selection.topics().get(index);
    return backplane
        .read(place.shard(), place.epoch(), topics, place.sequence() - 1, 1)
        .handle((read, failure) -> failure == null && isEnd(read, place, selection));
  }

  private static boolean isEnd(HistoryRead read, MessageId place, Selection selection) {
    return read.pages().stream()
        .flatMap(page -> page.entries().stream())
        .anyMatch(entry -> entry.id().equals(place) && ends(entry, selection));
  }

  private static boolean ends(Entry entry, Selection selection) {
    if (entry.kind() != Entry.Kind.MESSAGE) {
      return false;
    }
    try {
      Payload payload = Payload.decode(entry.payload());
      return selection.matches(payload) && selection.ends(payload);
    } catch (IllegalArgumentException e) {
      return false; // not written by a node
    }
  }
}
