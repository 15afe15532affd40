package dev.broadcast.node.hub;

import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.connection.ConnectionStatistics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Answers what the nodes of the cluster ask about this node's connections; see {@link Question}.
 * Nothing is counted or sorted before somebody asks. Any thread.
 */
final class Responder {
  /** It was put on the connection. */
  static final String SENT = "sent";

  /** There is such a connection, but it takes nothing any more. */
  static final String FULL = "full";

  /** There is none here. */
  static final String NOBODY = "";

  private final String nodeId;
  private final List<Loop> loops;
  private final IntSupplier open;

  Responder(String nodeId, List<Loop> loops, IntSupplier open) {
    this.nodeId = nodeId;
    this.loops = loops;
    this.open = open;
  }

  CompletableFuture<String> answer(String question) {
    try {
      List<String> words = Arrays.asList(question.split("\n", -1));
      return switch (words.get(0)) {
        case Question.COUNT -> CompletableFuture.completedFuture(Integer.toString(open.getAsInt()));
        case Question.LIST -> list(words);
        case Question.STATISTICS -> statistics();
        case Question.GET -> one(words.get(1), c -> ConnectionRows.row(c, nodeId));
        case Question.SEND -> {
          String[] parts = question.split("\n", 3);
          yield send(parts[1], parts[2]);
        }
        case Question.HEARTBEAT -> one(words.get(1), c -> c.beat() ? SENT : FULL);
        case Question.CLOSE ->
            one(
                words.get(1),
                c -> {
                  c.close(CloseReason.CLOSED);
                  return SENT;
                });
        case Question.CLOSE_ALL -> closeAll(Question.query(words, 1));
        case Question.TOPICS -> topics(Integer.parseInt(words.get(1)), words.get(2));
        default -> failed(question);
      };
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e); // written by nobody of us
    }
  }

  private static CompletableFuture<String> failed(String question) {
    return CompletableFuture.failedFuture(new IllegalArgumentException("question: " + question));
  }

  /**
   * {@code list FROM_NODE LOOP PLACE LIMIT} and filters; nodes before FROM_NODE were listed.
   *
   * @return {@code LOOP PLACE ROW} for each
   */
  private CompletableFuture<String> list(List<String> words) {
    int order = nodeId.compareTo(words.get(1));
    if (order < 0) {
      return CompletableFuture.completedFuture("");
    }
    int loop = order == 0 ? Integer.parseInt(words.get(2)) : 0;
    int place = order == 0 ? Integer.parseInt(words.get(3)) : 0;
    int limit = Integer.parseInt(words.get(4));
    Predicate<Connection> wanted = wanted(Question.query(words, 5));
    List<String> rows = new ArrayList<>();
    return Scan.over(
            loops,
            loop,
            place,
            (number, c) -> {
              if (wanted.test(c)) {
                rows.add(number + " " + c.place + ' ' + ConnectionRows.row(c, nodeId));
              }
              return rows.size() < limit;
            })
        .thenApply(end -> String.join("\n", rows));
  }

  private CompletableFuture<String> statistics() {
    Map<String, Long> byKind = new HashMap<>();
    long[] sums = new long[3];
    return Scan.over(
            loops,
            0,
            0,
            (number, c) -> {
              byKind.merge(c.request().kind(), 1L, Long::sum);
              sums[0]++;
              sums[1] += c.state().active() ? 1 : 0;
              sums[2] += c.eventsWritten();
              return true;
            })
        .thenApply(end -> new ConnectionStatistics(sums[0], sums[1], byKind, sums[2]).toJson());
  }

  private CompletableFuture<String> closeAll(ConnectionQuery query) {
    Predicate<Connection> wanted = wanted(query);
    AtomicInteger closed = new AtomicInteger();
    return Scan.over(
            loops,
            0,
            0,
            (number, c) -> {
              if (wanted.test(c)) {
                closed.incrementAndGet();
                c.close(CloseReason.CLOSED);
              }
              return true;
            })
        .thenApply(end -> Integer.toString(closed.get()));
  }

  private CompletableFuture<String> send(String id, String stored) {
    Payload payload = Payload.decode(stored.getBytes(StandardCharsets.UTF_8));
    String now = Timestamps.iso(System.currentTimeMillis());
    return one(id, c -> c.sendAlone(payload, now) ? SENT : FULL);
  }

  /** The first {@code limit} topics after a name, with how many listen: {@code COUNT TOPIC}. */
  private CompletableFuture<String> topics(int limit, String after) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    CompletableFuture<Object> all = CompletableFuture.completedFuture("");
    for (Loop loop : loops) {
      all =
          all.thenCombine(
              on(loop, () -> loop.listeners(after)),
              (before, here) -> {
                here.forEach((topic, count) -> counts.merge(topic, count, Integer::sum));
                return before;
              });
    }
    return all.thenApply(
        done -> {
          List<String> lines = new ArrayList<>();
          counts.entrySet().stream()
              .limit(limit)
              .forEach(entry -> lines.add(entry.getValue() + " " + entry.getKey()));
          return String.join("\n", lines);
        });
  }

  private static Predicate<Connection> wanted(ConnectionQuery query) {
    String kind = query.kind();
    String topic = query.topic();
    return c ->
        (kind == null || kind.equals(c.request().kind()))
            && (topic == null || c.request().topics().contains(topic))
            && (!query.activeOnly() || c.state().active());
  }

  /** What the connection of that id makes of it; {@link #NOBODY} if it is not here. */
  private CompletableFuture<String> one(String id, Function<Connection, String> step) {
    CompletableFuture<String> found = CompletableFuture.completedFuture(NOBODY);
    for (Loop loop : loops) {
      found =
          found.thenCompose(
              before ->
                  before.isEmpty()
                      ? on(
                          loop,
                          () -> {
                            Connection connection = loop.find(id);
                            return connection == null || !connection.listed()
                                ? NOBODY
                                : step.apply(connection);
                          })
                      : CompletableFuture.completedFuture(before));
    }
    return found;
  }

  private static <T> CompletableFuture<T> on(Loop loop, Supplier<T> step) {
    return CompletableFuture.supplyAsync(step, loop::execute);
  }
}
