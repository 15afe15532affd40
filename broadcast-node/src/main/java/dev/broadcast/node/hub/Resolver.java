package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.ShardState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the place at which a stream starts: what a cursor means in the shards as they are now, or
 * what has to be reset. Only on the hub thread.
 */
class Resolver {
  private final Replay.Host host;
  private final Replay replay;
  private final HistoryReads reads;
  private final int historySize;
  private List<Walk> ahead = new ArrayList<>();

  Resolver(Replay.Host host, Replay replay, HistoryReads reads, int historySize) {
    this.host = host;
    this.replay = replay;
    this.reads = reads;
    this.historySize = historySize;
  }

  /** Resolves a first walk and gives it its first page. */
  void resolve(Walk walk, StreamRequest.Start start) {
    for (int number : walk.selection.shards()) {
      if (host.shard(number).lineage() == null) {
        replay.park(walk);
        return;
      }
    }
    for (int i = 0; i < walk.at.length; i++) {
      Shard shard = shard(walk, i);
      walk.versions[i] = shard.version;
      walk.at[i] = start instanceof StreamRequest.Start.Now ? shard.position() : 0;
    }
    walk.starts.clear();
    walk.toldTopics.clear();
    walk.tellsLosses = start instanceof StreamRequest.Start.After;
    if (start instanceof StreamRequest.Start.After after) {
      Optional<Cursor> cursor = Cursor.parse(after.cursor());
      if (cursor.isPresent()) {
        new Judgement(walk, cursor.get()).next(0);
      } else {
        walk.tellsLosses = false;
        List<String> all = walk.selection.topics().stream().flatMap(List::stream).toList();
        replay.serve(walk, new long[0], List.of(new Reset(Reset.Reason.INVALID, all)));
      }
    } else if (start instanceof StreamRequest.Start.Last last) {
      lastOf(walk, last.count(), 0, 0);
    } else {
      replay.serve(walk);
    }
  }

  /** The node's position moved: cursors that were ahead of it may not be any more. */
  List<Walk> unwait() {
    if (ahead.isEmpty()) {
      return List.of();
    }
    List<Walk> again = ahead;
    ahead = new ArrayList<>();
    return again;
  }

  private Shard shard(Walk walk, int index) {
    return host.shard(walk.selection.shards().get(index));
  }

  /** Finds where the last {@code count} matching messages begin, topic after topic. */
  private void lastOf(Walk walk, int count, int index, int topicIndex) {
    if (index == walk.at.length) {
      replay.serve(walk);
      return;
    }
    List<String> topics = walk.selection.topics().get(index);
    if (topicIndex == topics.size()) {
      long least = Long.MAX_VALUE;
      for (String topic : topics) {
        least = Math.min(least, walk.starts.getOrDefault(topic, 0L));
      }
      walk.at[index] = least;
      lastOf(walk, count, index + 1, 0);
      return;
    }
    readLast(walk, count, index, topicIndex, topics.get(topicIndex), count);
  }

  private void readLast(Walk walk, int count, int index, int topicIndex, String topic, int limit) {
    reads.readLast(
        topic,
        limit,
        (read, failure) ->
            host.inTurn(
                walk,
                () -> {
                  Shard shard = shard(walk, index);
                  if (failure != null) {
                    replay.park(walk);
                  } else if (!Lineage.of(read.state()).equals(shard.lineage())) {
                    replay.park(walk);
                    host.reattach(shard.number);
                  } else {
                    List<Entry> entries = read.pages().get(0).entries();
                    int all = 2 * Math.max(historySize, 200);
                    long position = bound(shard.position(), read.state().head());
                    long start = startOfLast(walk, entries, count, position);
                    if (start < 0 && entries.size() >= limit && limit < all) {
                      readLast(walk, count, index, topicIndex, topic, all);
                      return;
                    }
                    walk.starts.put(topic, start >= 0 ? start : firstOf(walk, entries, position));
                    lastOf(walk, count, index, topicIndex + 1);
                  }
                }));
  }

  /**
   * The number before the first of the last {@code count} up to {@code position} that match;
   * negative if fewer do.
   */
  private long startOfLast(Walk walk, List<Entry> entries, int count, long position) {
    int found = 0;
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).sequence() <= position
          && matches(walk, entries.get(i))
          && ++found == count) {
        return entries.get(i).sequence() - 1;
      }
    }
    return -1;
  }

  private long firstOf(Walk walk, List<Entry> entries, long position) {
    for (Entry entry : entries) {
      if (entry.sequence() <= position && matches(walk, entry)) {
        return entry.sequence() - 1;
      }
    }
    return position;
  }

  private boolean matches(Walk walk, Entry entry) {
    Event event = host.decode(entry);
    return event != null && walk.selection.matches(event.payload(), walk.connection.id());
  }

  /**
   * The last number at which a stream may start, given what was read for it. The master may be
   * ahead of the node: who starts there would get what lies before its start. And by now the node
   * may be ahead of what was read: who starts where it is would not get what came meanwhile.
   */
  long bound(long position, long head) {
    return Math.min(position, head);
  }

  /** Whether a cursor's place in a lineage exists there: the number up to which it is honoured. */
  OptionalLong honoured(Lineage lineage, MessageId place) {
    return lineage.endOf(place.generation());
  }

  /** Judges a cursor shard by shard; asking the master may lie between. */
  private final class Judgement {
    private final Walk walk;
    private final Cursor cursor;
    private final List<Reset> resets = new ArrayList<>();

    Judgement(Walk walk, Cursor cursor) {
      this.walk = walk;
      this.cursor = cursor;
    }

    void next(int index) {
      if (index == walk.at.length) {
        replay.serve(walk, new long[0], resets);
        return;
      }
      Shard shard = shard(walk, index);
      MessageId place = cursor.in(shard.number);
      Lineage lineage = shard.lineage();
      if (place == null || lineage == null) {
        reset(index, Reset.Reason.INVALID, 0);
      } else if (place.epoch().equals(lineage.epoch())
          && honoured(lineage, place).isPresent()
          && place.sequence() <= Math.min(honoured(lineage, place).getAsLong(), shard.position())) {
        walk.at[index] = place.sequence();
        next(index + 1);
      } else {
        reads.state(
            shard.number,
            (state, failure) ->
                host.inTurn(
                    walk,
                    () -> {
                      if (failure != null) {
                        replay.park(walk);
                      } else if (!Lineage.of(state).equals(shard.lineage())) {
                        replay.park(walk);
                        host.reattach(shard.number);
                      } else {
                        judge(index, shard, place, state);
                      }
                    }));
      }
    }

    /** The node and the master agree on the lineage, and the cursor is not simply in it. */
    private void judge(int index, Shard shard, MessageId place, ShardState state) {
      Lineage lineage = Lineage.of(state);
      if (!place.epoch().equals(lineage.epoch())) {
        reset(index, Reset.Reason.EPOCH, 0);
        return;
      }
      OptionalLong end = honoured(lineage, place);
      if (end.isEmpty()) {
        reset(index, Reset.Reason.GENERATION, Math.min(place.sequence(), firstFork(lineage)));
      } else if (place.sequence() > end.getAsLong()) {
        reset(index, Reset.Reason.GENERATION, end.getAsLong());
      } else if (place.sequence() > state.head()) {
        reset(index, Reset.Reason.INVALID, 0);
      } else if (place.sequence() > shard.position()) {
        ahead.add(walk);
      } else {
        walk.at[index] = place.sequence();
        next(index + 1);
      }
    }

    /**
     * A generation that the lineage does not have ended at one of its forks, nobody can say which:
     * told twice is better than lost, so the first.
     */
    private long firstFork(Lineage lineage) {
      return lineage.generations().size() > 1 ? lineage.generations().get(1).startsAfter() : 0;
    }

    private void reset(int index, Reset.Reason reason, long at) {
      if (at > shard(walk, index).position()) {
        ahead.add(walk); // live before that place, it would get again what it has
        return;
      }
      resets.add(new Reset(reason, walk.selection.topics().get(index)));
      walk.at[index] = at;
      // Told for all topics of the shard: what history lacks is no second loss.
      walk.toldTopics.addAll(walk.selection.topics().get(index));
      next(index + 1);
    }
  }
}
