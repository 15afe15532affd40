package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.RedisKeys.bytes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one shard's history and log from the master. Only on the hub thread. */
final class RedisReader {
  private static final Duration WITHIN = Duration.ofSeconds(2);
  private static final Duration AGAIN = Duration.ofMillis(50);

  /**
   * Of messages in one answer, so that a page of large ones holds up neither Redis nor this node.
   */
  private static final byte[] BYTES = bytes(1 << 20);

  private static final RedisScript READ = RedisScript.load("read");
  private static final RedisScript LOG = RedisScript.load("log");
  private static final RedisScript ENTRIES = RedisScript.load("entries");
  private static final RedisScript KEPT = RedisScript.load("kept");

  private final int shard;
  private final RedisKeys keys;
  private final byte[] age;
  private final RedisAttachment attachment;
  private final RedisLink link;
  private final HubThread hubThread;
  private final Map<Long, CompletableFuture<?>> open = new HashMap<>();
  private long reads;

  RedisReader(
      int shard,
      RedisKeys keys,
      BackplaneSettings settings,
      RedisAttachment attachment,
      RedisLink link,
      HubThread hubThread) {
    this.shard = shard;
    this.keys = keys;
    this.age = bytes(settings.historyAge().toMillis());
    this.attachment = attachment;
    this.link = link;
    this.hubThread = hubThread;
  }

  CompletableFuture<HistoryRead> read(String epoch, List<String> topics, long after, int limit) {
    return pages(epoch, topics, Long.toString(after), limit, "");
  }

  /** In as many steps as its size needs; what is trimmed meanwhile is not in it. */
  CompletableFuture<HistoryRead> readLast(String topic, int limit) {
    ShardState known = attachment.known();
    return known == null
        ? failed("Redis is not attached")
        : readLast(known.epoch(), topic, limit, "", List.of(), 3);
  }

  private CompletableFuture<HistoryRead> readLast(
      String epoch, String topic, int limit, String before, List<Entry> later, int attempts) {
    return pages(epoch, List.of(topic), "", limit - later.size(), before)
        .thenCompose(
            read -> {
              if (read.pages().isEmpty()) {
                return attempts == 1
                    ? failed("the epoch changes too fast")
                    : readLast(read.state().epoch(), topic, limit, "", List.of(), attempts - 1);
              }
              TopicPage page = read.pages().get(0);
              List<Entry> entries = new ArrayList<>(page.entries());
              entries.addAll(later);
              if (page.more() && entries.size() < limit) {
                String next = Long.toString(entries.get(0).sequence());
                return readLast(epoch, topic, limit, next, entries, attempts);
              }
              TopicPage whole =
                  new TopicPage(
                      topic,
                      entries,
                      false,
                      page.firstPredecessor(),
                      page.last(),
                      page.clearedThrough());
              return CompletableFuture.completedFuture(
                  new HistoryRead(read.state(), List.of(whole)));
            });
  }

  CompletableFuture<ShardState> state() {
    return pages("", List.of(), "0", 1, "").thenApply(HistoryRead::state);
  }

  /** How many entries each topic's stream has; none of another epoch than the one known. */
  CompletableFuture<Map<String, Long>> kept(List<String> topics) {
    ShardState known = attachment.known();
    if (known == null) {
      return failed("Redis is not attached");
    }
    return run(
        KEPT,
        names(known.epoch(), topics),
        new byte[][] {bytes(known.epoch())},
        reply -> {
          Map<String, Long> counts = new HashMap<>();
          for (int i = 1; i < reply.size(); i++) {
            counts.put(topics.get(i - 1), RedisReply.number(reply.get(i)));
          }
          return counts;
        });
  }

  CompletableFuture<Missed> missed(String epoch, long after, int limit) {
    byte[][] arguments = {bytes(epoch), bytes(after), bytes(limit)};
    return run(LOG, new byte[][] {keys.state(), keys.log(epoch)}, arguments, reply -> reply)
        .thenCompose(
            reply -> {
              ShardState state = RedisReply.state(shard, reply, 0);
              if (reply.size() < 7) {
                return CompletableFuture.completedFuture(new Missed(state, 0, List.of()));
              }
              String topics = RedisReply.text(reply.get(6));
              long startsAfter = RedisReply.number(reply.get(4));
              if (topics.isEmpty()) {
                return CompletableFuture.completedFuture(new Missed(state, startsAfter, List.of()));
              }
              return entries(
                  epoch, startsAfter, RedisReply.number(reply.get(5)), topics.split(" ", -1));
            });
  }

  void close() {
    List.copyOf(open.values())
        .forEach(
            future -> future.completeExceptionally(new BackplaneException("the node is closed")));
  }

  private CompletableFuture<Missed> entries(
      String epoch, long startsAfter, long first, String[] topics) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (String topic : topics) {
      numbers.putIfAbsent(topic, numbers.size() + 1);
    }
    List<byte[]> arguments = new ArrayList<>(List.of(bytes(epoch), age, BYTES));
    numbers.keySet().forEach(topic -> arguments.add(bytes(topic)));
    for (int i = 0; i < topics.length; i++) {
      arguments.add(bytes(numbers.getOrDefault(topics[i], 0)));
      arguments.add(bytes(first + i));
    }
    return run(
        ENTRIES,
        names(epoch, numbers.keySet()),
        arguments.toArray(byte[][]::new),
        reply -> {
          ShardState state = RedisReply.state(shard, reply, 0);
          List<Missed.Item> items = new ArrayList<>();
          for (int i = 4; i < reply.size(); i++) {
            String topic = topics[i - 4];
            items.add(
                reply.get(i) instanceof Long gone
                    ? new Missed.Gone(first + i - 4, topic, gone == 1)
                    : new Missed.Kept(
                        RedisReply.entry(state, topic, RedisReply.list(reply.get(i)), 0)));
          }
          return new Missed(state, state.epoch().equals(epoch) ? startsAfter : 0, items);
        });
  }

  private CompletableFuture<HistoryRead> pages(
      String epoch, List<String> topics, String after, int limit, String before) {
    List<byte[]> arguments =
        new ArrayList<>(
            List.of(bytes(epoch), bytes(after), bytes(limit), age, BYTES, bytes(before)));
    topics.forEach(topic -> arguments.add(bytes(topic)));
    return run(
        READ,
        names(epoch, topics),
        arguments.toArray(byte[][]::new),
        reply -> {
          ShardState state = RedisReply.state(shard, reply, 0);
          List<TopicPage> pages = new ArrayList<>();
          for (int i = 4; i < reply.size(); i++) {
            pages.add(page(state, topics.get(i - 4), RedisReply.list(reply.get(i))));
          }
          return new HistoryRead(state, pages);
        });
  }

  private static TopicPage page(ShardState state, String topic, List<Object> reply) {
    List<Entry> entries = new ArrayList<>();
    for (int at = 4; at < reply.size(); at += 6) {
      entries.add(RedisReply.entry(state, topic, reply, at));
    }
    return new TopicPage(
        topic,
        entries,
        RedisReply.number(reply.get(0)) == 1,
        RedisReply.number(reply.get(1)),
        RedisReply.number(reply.get(2)),
        RedisReply.number(reply.get(3)));
  }

  private byte[][] names(String epoch, Iterable<String> topics) {
    List<byte[]> names = new ArrayList<>();
    names.add(keys.state());
    topics.forEach(topic -> names.add(keys.topic(epoch, topic)));
    return names.toArray(byte[][]::new);
  }

  private <T> CompletableFuture<T> run(
      RedisScript script, byte[][] names, byte[][] arguments, Function<List<Object>, T> meaning) {
    if (!attachment.isAttached()) {
      return failed("Redis is not attached");
    }
    var result = new CompletableFuture<T>();
    long read = ++reads;
    open.put(read, result);
    send(script, names, arguments, read, result, meaning);
    hubThread.later(
        WITHIN,
        () -> {
          if (open.remove(read) != null
              && result.completeExceptionally(
                  new BackplaneException("Redis did not answer in time"))) {
            link.cutReads("a read was not answered in time");
          }
        });
    return result;
  }

  private <T> void send(
      RedisScript script,
      byte[][] names,
      byte[][] arguments,
      long read,
      CompletableFuture<T> result,
      Function<List<Object>, T> meaning) {
    link.read(
        script,
        names,
        arguments,
        (reply, failure) -> {
          if (reply == null && open.containsKey(read) && isOnTheMove(failure)) {
            hubThread.later(AGAIN, () -> send(script, names, arguments, read, result, meaning));
            return;
          }
          open.remove(read);
          if (reply == null) {
            result.completeExceptionally(
                new BackplaneException("Redis did not answer: " + message(failure)));
          } else if (reply.isEmpty()) {
            attachment.attach();
            result.completeExceptionally(
                new BackplaneException("Redis has lost the shard's state"));
          } else {
            result.complete(meaning.apply(reply));
          }
        });
  }

  /** Keys that a Cluster moves from one master to another are back in a moment. */
  private static boolean isOnTheMove(@Nullable Throwable failure) {
    String error = RedisReply.error(failure);
    return error.startsWith("TRYAGAIN") || error.startsWith("ASK") || error.startsWith("MOVED");
  }

  private static String message(@Nullable Throwable failure) {
    return failure == null ? "no reason given" : String.valueOf(failure.getMessage());
  }

  private static <T> CompletableFuture<T> failed(String message) {
    return CompletableFuture.failedFuture(new BackplaneException(message));
  }
}
