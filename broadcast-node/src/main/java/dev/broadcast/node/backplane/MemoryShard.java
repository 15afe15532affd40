package dev.broadcast.node.backplane;

import dev.broadcast.node.backplane.Publication.Idempotency;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One sequence in memory: state, topics, log, idempotency keys. Only on the hub thread. Every
 * publish costs the same however much is kept.
 */
final class MemoryShard {
  private static final byte[] NOTHING = {};

  private final BackplaneSettings settings;
  private final long historyMillis;
  private final MessageId start;

  /** In the order of the last publish, so that the first is the one to prune. */
  private final Map<String, MemoryTopic> topics = new LinkedHashMap<>();

  /** The ones with kept entries, in the same order, so that the first is the one to age. */
  private final Map<String, MemoryTopic> filled = new LinkedHashMap<>();

  /** The last of both, which need not be moved when its next message comes. */
  private @Nullable MemoryTopic newest;

  private final Map<String, Remembered> keys = new LinkedHashMap<>();
  private final MemoryLog log;
  private long head;
  private long floor;
  private final AtomicLong earlyDrops = new AtomicLong();

  MemoryShard(int shard, BackplaneSettings settings, Tokens tokens) {
    this.settings = settings;
    this.historyMillis = settings.historyAge().toMillis();
    this.start = new MessageId(tokens.epoch(), tokens.generation(), shard, 0);
    this.log = new MemoryLog(settings.logSize());
  }

  /** Stores, or says why not; a stored entry is added to {@code live}. */
  PublishOutcome publish(Publication publication, long now, List<Entry> live) {
    Idempotency idempotency = publication.idempotency();
    if (idempotency != null) {
      forgetKeys(now);
      Remembered earlier = keys.get(idempotency.key());
      if (earlier != null) {
        return earlier.content.equals(idempotency.content())
            ? new PublishOutcome.Stored(earlier.id, earlier.timestamp, true)
            : new PublishOutcome.KeyReused();
      }
    }
    Entry entry =
        append(
            Entry.Kind.MESSAGE,
            publication.topic(),
            publication.payload(),
            publication.receipt(),
            now,
            live);
    if (idempotency != null) {
      keys.put(idempotency.key(), new Remembered(idempotency.content(), entry.id(), now));
    }
    return new PublishOutcome.Stored(entry.id(), now, false);
  }

  PublishOutcome clear(String topic, long now, List<Entry> live) {
    MemoryTopic cleared = topics.get(topic);
    if (cleared != null) {
      cleared.dropAll();
    }
    Entry entry = append(Entry.Kind.CLEAR, topic, NOTHING, null, now, live);
    topic(topic).clearedThrough = entry.predecessor();
    return new PublishOutcome.Stored(entry.id(), now, false);
  }

  ShardState state(long now) {
    return new ShardState(
        start.shard(),
        start.epoch(),
        List.of(new ShardState.GenerationStart(start.generation(), 0)),
        head,
        now);
  }

  HistoryRead read(String epoch, List<String> names, long after, int limit, long now) {
    if (!epoch.equals(start.epoch())) {
      return new HistoryRead(state(now), List.of());
    }
    age(now);
    List<TopicPage> pages = new ArrayList<>(names.size());
    for (String name : names) {
      pages.add(topicKept(name, now).after(after, limit));
    }
    return new HistoryRead(state(now), pages);
  }

  HistoryRead readLast(String name, int limit, long now) {
    age(now);
    return new HistoryRead(state(now), List.of(topicKept(name, now).lastOf(limit)));
  }

  /** How many messages a topic keeps. */
  long kept(String name, long now) {
    age(now);
    return topicKept(name, now).size();
  }

  Missed readMissed(String epoch, long after, int limit, long now) {
    if (!epoch.equals(start.epoch())) {
      return new Missed(state(now), 0, List.of());
    }
    age(now);
    long from = Math.max(after, log.startsAfter());
    long to = Math.min(head, from + limit);
    List<Missed.Item> items = new ArrayList<>();
    for (long sequence = from + 1; sequence <= to; sequence++) {
      String name = log.topic(sequence);
      MemoryTopic topic = topicKept(name, now);
      Entry entry = topic.find(sequence);
      items.add(
          entry != null
              ? new Missed.Kept(entry)
              : new Missed.Gone(sequence, name, sequence <= topic.clearedThrough));
    }
    return new Missed(state(now), log.startsAfter(), items);
  }

  /** From any thread. */
  long earlyDrops() {
    return earlyDrops.get();
  }

  private Entry append(
      Entry.Kind kind,
      String name,
      byte[] payload,
      @Nullable String receipt,
      long now,
      List<Entry> live) {
    age(now);
    MemoryTopic topic = newest(name);
    MessageId id = start.at(++head);
    Entry entry = new Entry(id, kind, name, topic.last, now, payload, null);
    topic.dropOlderThan(now - historyMillis);
    topic.add(entry, settings.historySize());
    log.add(name);
    prune();
    live.add(
        receipt == null
            ? entry
            : new Entry(id, kind, name, entry.predecessor(), now, payload, receipt));
    return entry;
  }

  /** Puts the topic last in both orders. */
  private MemoryTopic newest(String name) {
    MemoryTopic before = newest;
    if (before != null && before.name.equals(name) && !before.isEmpty()) {
      return before;
    }
    MemoryTopic topic = topics.remove(name);
    if (topic == null) {
      topic = new MemoryTopic(name, floor);
    }
    topics.put(name, topic);
    filled.remove(name);
    filled.put(name, topic);
    newest = topic;
    return topic;
  }

  private MemoryTopic topic(String name) {
    MemoryTopic topic = topics.get(name);
    return topic == null ? new MemoryTopic(name, floor) : topic;
  }

  private MemoryTopic topicKept(String name, long now) {
    MemoryTopic topic = topic(name);
    topic.dropOlderThan(now - historyMillis);
    return topic;
  }

  /** Frees topics that nobody publishes to any more. */
  private void age(long now) {
    long oldest = now - historyMillis;
    var eldest = filled.values().iterator();
    while (eldest.hasNext()) {
      MemoryTopic topic = eldest.next();
      if (!topic.isEmpty() && topic.newestTimestamp() >= oldest) {
        return;
      }
      topic.dropAll();
      eldest.remove();
    }
  }

  private void prune() {
    if (topics.size() > settings.topicsMax()) {
      var eldest = topics.values().iterator();
      MemoryTopic topic = eldest.next();
      floor = Math.max(floor, topic.last);
      filled.remove(topic.name);
      eldest.remove();
    }
  }

  private void forgetKeys(long now) {
    long oldest = now - settings.idempotencyTtl().toMillis();
    var eldest = keys.values().iterator();
    while (eldest.hasNext()) {
      boolean expired = eldest.next().timestamp <= oldest;
      if (!expired && keys.size() < settings.idempotencyMax()) {
        return;
      }
      if (!expired) {
        earlyDrops.incrementAndGet();
      }
      eldest.remove();
    }
  }

  private record Remembered(String content, MessageId id, long timestamp) {}
}
