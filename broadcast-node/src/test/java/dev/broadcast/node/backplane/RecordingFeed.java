package dev.broadcast.node.backplane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a backplane tells; its position is the last entry, as a simple node's would be.
 */
class RecordingFeed implements Feed {
  final List<ShardState> attached = new CopyOnWriteArrayList<>();
  final List<String> detached = new CopyOnWriteArrayList<>();
  final List<Integer> batches = new CopyOnWriteArrayList<>();
  final List<MessageId> probes = new CopyOnWriteArrayList<>();
  private final List<Entry> received = new ArrayList<>();
  private final Map<Integer, MessageId> positions = new HashMap<>();

  @Override
  public synchronized @Nullable MessageId position(int shard) {
    return positions.get(shard);
  }

  @Override
  public synchronized void attached(ShardState state) {
    attached.add(state);
    positions.put(
        state.shard(),
        new MessageId(state.epoch(), state.generation(), state.shard(), state.head()));
  }

  @Override
  public void detached(int shard, String reason) {
    detached.add(reason);
  }

  @Override
  public synchronized void received(int shard, List<Entry> entries) {
    batches.add(entries.size());
    received.addAll(entries);
    positions.put(shard, entries.get(entries.size() - 1).id());
  }

  @Override
  public void probed(int shard, MessageId head, long serverMillis) {
    probes.add(head);
  }

  synchronized List<Entry> received() {
    return List.copyOf(received);
  }

  synchronized List<Entry> received(int shard) {
    return received.stream().filter(entry -> entry.id().shard() == shard).toList();
  }

  ShardState lastAttached() {
    return attached.get(attached.size() - 1);
  }
}
