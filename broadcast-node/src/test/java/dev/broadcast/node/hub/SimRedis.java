package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.ShardState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Redis with our scripts, each atomic, and what can happen to it: it stops, comes back with its
 * data, without its tail, or empty, and forgets what a cut subscriber missed. It knows everything
 * that ever was, for the judge.
 */
final class SimRedis {
  /** How little it keeps. */
  record Bounds(int historySize, int logSize, long ageMillis, int topicsMax) {}

  /** Mistakes to be found. */
  static class Plants {
    long predecessor(long last, Entry.Kind kind) {
      return last;
    }
  }

  /** A frame of a shard's channel. */
  sealed interface Frame {
    record Entries(List<Entry> entries) implements Frame {}

    record Probe(MessageId head, long millis) implements Frame {}
  }

  /** A connection that subscribed. */
  interface Subscriber {
    void heard(int shard, Frame frame);
  }

  /** Where a generation begins. */
  private record Generation(int shard, SimEntry start, List<SimEntry> numbered) {}

  private final SimScheduler scheduler;
  private final Bounds bounds;
  private final Plants plants;
  private final @Nullable SimShard[] shards;
  private final Map<String, Generation> generations = new HashMap<>();
  private final Map<String, SimEntry> messages = new HashMap<>();
  private final List<SimEntry> all = new ArrayList<>();
  private @Nullable SimShard[] saved;
  private @Nullable SimShard[] replica;
  private long skewMillis;

  /** How many topics went from the state. */
  int pruned;

  final List<Subscriber> subscribers = new ArrayList<>();
  private boolean up = true;
  private int run = 1;
  private int names;

  SimRedis(SimScheduler scheduler, int shards, Bounds bounds, Plants plants) {
    this.scheduler = scheduler;
    this.bounds = bounds;
    this.plants = plants;
    this.shards = new SimShard[shards];
    this.saved = new SimShard[shards];
    this.replica = new SimShard[shards];
  }

  /** Somebody sets its clock. */
  void skew(long millis) {
    skewMillis += millis;
  }

  int now() {
    return scheduler.steps();
  }

  long millis() {
    return 1_000_000 + skewMillis + scheduler.nanos() / 1_000_000;
  }

  Bounds bounds() {
    return bounds;
  }

  Plants plants() {
    return plants;
  }

  boolean up() {
    return up;
  }

  int run() {
    return run;
  }

  void stop() {
    up = false;
    subscribers.clear();
  }

  void start() {
    up = true;
    run++;
  }

  /** What a restart may come back to. */
  void save() {
    saved = copy(shards);
  }

  /** What a replica has, should it be promoted. */
  void replicate() {
    replica = copy(shards);
  }

  /** Comes back as it was when it was last saved, unless it was emptied since. */
  void loseTail() {
    goBack(saved);
  }

  /** A replica that lags is promoted: another process, with what it had. */
  void failOver() {
    goBack(replica);
    run++;
  }

  private void goBack(@Nullable SimShard[] to) {
    for (int i = 0; i < shards.length; i++) {
      SimShard old = shards[i];
      SimShard back = to[i];
      if (old == null || back == null || !old.epoch.equals(back.epoch)) {
        continue;
      }
      for (SimEntry e = old.head; e != back.head && e.parent != null; e = e.parent) {
        e.undoneAt = Math.min(e.undoneAt, now());
        e.gone(now());
      }
    }
    SimShard[] restored = copy(to);
    for (int i = 0; i < shards.length; i++) {
      SimShard old = shards[i];
      SimShard back = restored[i];
      if (old != null && back != null && old.epoch.equals(back.epoch)) {
        shards[i] = back;
      }
    }
  }

  void empty() {
    for (int i = 0; i < shards.length; i++) {
      SimShard old = shards[i];
      if (old != null) {
        for (SimEntry e = old.head; e.parent != null; e = e.parent) {
          e.undoneAt = Math.min(e.undoneAt, now());
          e.gone(now());
        }
      }
      shards[i] = null;
    }
    saved = new SimShard[shards.length];
    replica = new SimShard[shards.length];
  }

  private static SimShard[] copy(@Nullable SimShard[] from) {
    SimShard[] copies = new SimShard[from.length];
    for (int i = 0; i < from.length; i++) {
      copies[i] = from[i] == null ? null : new SimShard(from[i]);
    }
    return copies;
  }

  /** The script that attaches. */
  ShardState attach(int number, @Nullable MessageId position) {
    SimShard shard = shards[number];
    if (shard == null) {
      shard = new SimShard(number, this, "e" + ++names, run, "g" + ++names);
      shards[number] = shard;
      generations.put(shard.generation(), new Generation(number, shard.head, new ArrayList<>()));
      return shard.state();
    }
    boolean back =
        position != null
            && position.epoch().equals(shard.epoch)
            && position.generation().equals(shard.generation())
            && position.sequence() > shard.head.sequence;
    if (back || shard.run != run) {
      shard.open("g" + ++names);
      shard.run = run;
      generations.put(shard.generation(), new Generation(number, shard.head, new ArrayList<>()));
    }
    return shard.state();
  }

  /** One item of a publishing script. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Item(Entry.Kind kind, String topic, byte[] payload, @Nullable String receipt) {}

  /** The script that publishes; null if epoch or generation are not those known. */
  @Nullable List<Entry> publish(int number, String epoch, String generation, List<Item> items) {
    SimShard shard = shards[number];
    if (shard == null || !shard.epoch.equals(epoch) || !shard.generation().equals(generation)) {
      return null;
    }
    List<Entry> entries = new ArrayList<>();
    for (Item item : items) {
      SimEntry stored = shard.append(item.kind(), item.topic(), item.payload());
      generations.get(generation).numbered().add(stored);
      all.add(stored);
      if (stored.payload != null) {
        messages.put(stored.text(), stored);
      }
      entries.add(withReceipt(stored.entry, item.receipt()));
    }
    tell(number, new Frame.Entries(entries));
    return entries;
  }

  /** Only the frame carries it; history does not. */
  private static Entry withReceipt(Entry entry, @Nullable String receipt) {
    return receipt == null
        ? entry
        : new Entry(
            entry.id(),
            entry.kind(),
            entry.topic(),
            entry.predecessor(),
            entry.timestamp(),
            entry.payload(),
            receipt);
  }

  /** The script that probes; false if the caller must attach again. */
  boolean probe(int number, String epoch, String generation) {
    SimShard shard = shards[number];
    if (shard == null
        || !shard.epoch.equals(epoch)
        || !shard.generation().equals(generation)
        || shard.run != run) {
      return false;
    }
    tell(
        number,
        new Frame.Probe(new MessageId(epoch, generation, number, shard.head.sequence), millis()));
    return true;
  }

  private void tell(int shard, Frame frame) {
    for (Subscriber subscriber : subscribers) {
      subscriber.heard(shard, frame);
    }
  }

  @Nullable SimShard shard(int number) {
    return shards[number];
  }

  // What the judge asks.

  long floor(int number) {
    SimShard shard = shards[number];
    return shard == null ? 0 : shard.floor();
  }

  @Nullable SimEntry message(String text) {
    return messages.get(text);
  }

  /** Everything ever stored. */
  List<SimEntry> all() {
    return all;
  }

  /** Marks what has become too old. */
  void age() {
    for (SimShard shard : shards) {
      if (shard != null) {
        shard.age();
      }
    }
  }

  /** The place that an id names, or null if there never was such a place. */
  @Nullable SimEntry place(MessageId id) {
    Generation generation = generations.get(id.generation());
    if (generation == null
        || generation.shard() != id.shard()
        || !generation.start().epoch.equals(id.epoch())) {
      return null;
    }
    long index = id.sequence() - generation.start().sequence - 1;
    if (index < 0) {
      return generation.start().ancestorAt(id.sequence());
    }
    return index < generation.numbered().size() ? generation.numbered().get((int) index) : null;
  }

  /** Whether the generation is one of those that Redis knows now. */
  boolean knows(MessageId id) {
    SimShard shard = shards[id.shard()];
    return shard != null
        && shard.state().lineage().stream().anyMatch(g -> g.generation().equals(id.generation()));
  }
}
