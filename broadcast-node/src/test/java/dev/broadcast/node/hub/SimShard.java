package dev.broadcast.node.hub;

import dev.broadcast.node.backplane.Entry;
import dev.broadcast.node.backplane.HistoryRead;
import dev.broadcast.node.backplane.MessageId;
import dev.broadcast.node.backplane.Missed;
import dev.broadcast.node.backplane.ShardState;
import dev.broadcast.node.backplane.ShardState.GenerationStart;
import dev.broadcast.node.backplane.TopicPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One shard as a simulated Redis has it at a moment; can be copied, as a snapshot on disk is. */
final class SimShard {
  /** A topic's stream and fields. */
  private static final class Topic {
    /** Whether the state has fields for it; else it was pruned, and its stream may be there. */
    boolean known;

    long last;
    long clearedThrough;
    final List<SimEntry> kept = new ArrayList<>();
  }

  private final int number;
  private final SimRedis redis;
  final String epoch;
  int run;
  private final List<GenerationStart> lineage;
  SimEntry head;
  private final Map<String, Topic> topics = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private long logStartsAfter;

  /** Stands for the last numbers of all topics that were pruned. */
  private long floor;

  SimShard(int number, SimRedis redis, String epoch, int run, String generation) {
    this.number = number;
    this.redis = redis;
    this.epoch = epoch;
    this.run = run;
    lineage = new ArrayList<>(List.of(new GenerationStart(generation, 0)));
    head = new SimEntry(epoch);
  }

  SimShard(SimShard other) {
    number = other.number;
    redis = other.redis;
    epoch = other.epoch;
    run = other.run;
    lineage = new ArrayList<>(other.lineage);
    head = other.head;
    other.topics.forEach(
        (name, topic) -> {
          Topic copy = new Topic();
          copy.known = topic.known;
          copy.last = topic.last;
          copy.clearedThrough = topic.clearedThrough;
          copy.kept.addAll(topic.kept);
          topics.put(name, copy);
        });
    log.addAll(other.log);
    logStartsAfter = other.logStartsAfter;
    floor = other.floor;
  }

  String generation() {
    return lineage.get(lineage.size() - 1).generation();
  }

  void open(String generation) {
    lineage.add(new GenerationStart(generation, head.sequence));
  }

  ShardState state() {
    return new ShardState(number, epoch, lineage, head.sequence, redis.millis());
  }

  SimEntry append(Entry.Kind kind, String name, byte[] payload) {
    Topic topic = topics.computeIfAbsent(name, n -> new Topic());
    long before = last(topic);
    long predecessor = redis.plants().predecessor(before, kind);
    MessageId id = new MessageId(epoch, generation(), number, head.sequence + 1);
    Entry entry = new Entry(id, kind, name, predecessor, redis.millis(), payload, null);
    if (kind == Entry.Kind.CLEAR) {
      topic.kept.forEach(e -> e.gone(redis.now()));
      topic.kept.clear();
      topic.clearedThrough = before;
    }
    head = new SimEntry(head, entry, redis.now());
    topic.kept.add(head);
    topic.last = id.sequence();
    if (!topic.known) {
      topic.known = true;
      prune();
    }
    if (topic.kept.size() > redis.bounds().historySize()) {
      topic.kept.remove(0).gone(redis.now());
    }
    log.add(name);
    if (log.size() > redis.bounds().logSize()) {
      log.remove(0);
      logStartsAfter++;
    }
    return head;
  }

  /** As the script reads it: from the state, else from what is left of the stream. */
  private long last(Topic topic) {
    if (topic.known) {
      return topic.last;
    }
    int kept = topic.kept.size();
    return floor == 0 || kept == 0 ? floor : topic.kept.get(kept - 1).sequence;
  }

  /** Past the bound the oldest topic goes from the state, not its stream. */
  private void prune() {
    Topic oldest = null;
    int known = 0;
    for (Topic topic : topics.values()) {
      if (topic.known) {
        known++;
        oldest = oldest == null || topic.last < oldest.last ? topic : oldest;
      }
    }
    if (oldest != null && known > redis.bounds().topicsMax()) {
      oldest.known = false;
      oldest.clearedThrough = 0;
      floor = Math.max(floor, oldest.last);
      redis.pruned++;
    }
  }

  /** Up to there, nobody can know of every topic. */
  long floor() {
    return floor;
  }

  HistoryRead read(String asked, List<String> names, long after, int limit) {
    if (!asked.equals(epoch)) {
      return new HistoryRead(state(), List.of());
    }
    age();
    List<TopicPage> pages = new ArrayList<>();
    for (String name : names) {
      Topic topic = topics.getOrDefault(name, new Topic());
      List<Entry> newer = new ArrayList<>();
      for (SimEntry entry : topic.kept) {
        if (entry.sequence > after && entry.entry != null) {
          newer.add(entry.entry);
        }
      }
      int size = Math.min(limit, newer.size());
      pages.add(page(name, topic, newer.subList(0, size), size < newer.size()));
    }
    return new HistoryRead(state(), pages);
  }

  HistoryRead readLast(String name, int limit) {
    age();
    Topic topic = topics.getOrDefault(name, new Topic());
    List<Entry> all = new ArrayList<>();
    topic.kept.forEach(e -> all.add(e.entry));
    List<Entry> last = all.subList(Math.max(0, all.size() - limit), all.size());
    return new HistoryRead(state(), List.of(page(name, topic, last, false)));
  }

  private TopicPage page(String name, Topic topic, List<Entry> entries, boolean more) {
    Entry first = topic.kept.isEmpty() ? null : topic.kept.get(0).entry;
    long firstPredecessor = first == null ? -1 : first.predecessor();
    return new TopicPage(name, entries, more, firstPredecessor, last(topic), topic.clearedThrough);
  }

  /** A page of the log. */
  record LogPage(ShardState state, long startsAfter, long first, List<String> topics) {}

  LogPage log(String asked, long after, int limit) {
    if (!asked.equals(epoch)) {
      return new LogPage(state(), 0, 0, List.of());
    }
    long from = Math.max(after, logStartsAfter);
    int begin = (int) (from - logStartsAfter);
    return begin >= log.size()
        ? new LogPage(state(), logStartsAfter, from + 1, List.of())
        : new LogPage(
            state(),
            logStartsAfter,
            from + 1,
            List.copyOf(log.subList(begin, Math.min(log.size(), begin + limit))));
  }

  /** The entries that a page of the log named, as far as they are kept now. */
  Missed entries(LogPage page) {
    if (!page.state().epoch().equals(epoch)) {
      return new Missed(state(), 0, List.of());
    }
    age();
    List<Missed.Item> items = new ArrayList<>();
    for (int i = 0; i < page.topics().size(); i++) {
      long sequence = page.first() + i;
      String name = page.topics().get(i);
      Topic topic = topics.getOrDefault(name, new Topic());
      @Nullable Entry found = null;
      for (SimEntry entry : topic.kept) {
        found = entry.sequence == sequence ? entry.entry : found;
      }
      items.add(
          found != null
              ? new Missed.Kept(found)
              : new Missed.Gone(sequence, name, sequence <= topic.clearedThrough));
    }
    return new Missed(state(), page.startsAfter(), items);
  }

  /** Drops what is too old, as reading does. */
  void age() {
    long oldest = redis.millis() - redis.bounds().ageMillis();
    for (Topic topic : topics.values()) {
      while (!topic.kept.isEmpty() && tooOld(topic.kept.get(0), oldest)) {
        topic.kept.remove(0).gone(redis.now());
      }
    }
  }

  private static boolean tooOld(SimEntry entry, long oldest) {
    return entry.entry != null && entry.entry.timestamp() < oldest;
  }
}
