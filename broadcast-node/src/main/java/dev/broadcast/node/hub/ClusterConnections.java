package dev.broadcast.node.hub;

import dev.broadcast.api.Data;
import dev.broadcast.api.Json;
import dev.broadcast.api.Message;
import dev.broadcast.api.Names;
import dev.broadcast.api.connection.Connection;
import dev.broadcast.api.connection.ConnectionPage;
import dev.broadcast.api.connection.ConnectionQuery;
import dev.broadcast.api.connection.ConnectionStatistics;
import dev.broadcast.api.connection.Connections;
import dev.broadcast.node.backplane.Roster;
import dev.broadcast.node.backplane.Roster.Gathered;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The connections of all nodes: asks each of them, and says who was silent. A node that does not
 * answer within a second is named and not waited for. Any thread.
 */
public final class ClusterConnections implements Connections {
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final Roster roster;
  private final Intake intake;
  private final ConnectionListing listing;

  /** Asks through a roster whose peers answer as {@code Responder} does. */
  ClusterConnections(Roster roster, Intake intake) {
    this.roster = roster;
    this.intake = intake;
    this.listing = new ConnectionListing(roster, WAIT);
  }

  /**
   * Those that match, as JSON objects.
   *
   * @throws IllegalArgumentException if the query's cursor is none
   */
  public CompletableFuture<Rows> rows(ConnectionQuery query) {
    return listing.page(query);
  }

  @Override
  public CompletableFuture<ConnectionPage> list(ConnectionQuery query) {
    return rows(query)
        .thenApply(
            rows ->
                new ConnectionPage(
                    rows.json().stream().map(ConnectionRows::parse).toList(),
                    rows.next(),
                    rows.missing()));
  }

  /** One, as a JSON object. */
  public CompletableFuture<One> row(String id) {
    return first(Question.of(Question.GET, id));
  }

  @Override
  public CompletableFuture<Optional<Connection>> get(String id) {
    return row(id)
        .thenApply(one -> one.answer().isEmpty() ? Optional.empty() : parsed(one.answer()));
  }

  private static Optional<Connection> parsed(String row) {
    return Optional.of(ConnectionRows.parse(row));
  }

  @Override
  public CompletableFuture<ConnectionStatistics> statistics() {
    return figures().thenApply(Figures::statistics);
  }

  /** The figures, and who is missing in them. */
  public CompletableFuture<Figures> figures() {
    return roster
        .ask(Question.STATISTICS, WAIT)
        .thenApply(
            gathered -> {
              ConnectionStatistics sum = ConnectionStatistics.NONE;
              for (String answer : gathered.answers().values()) {
                sum = sum.plus(statisticsOf(answer));
              }
              return new Figures(sum, gathered.missing());
            });
  }

  private static ConnectionStatistics statisticsOf(String json) {
    if (!(Json.parse(json) instanceof Map<?, ?> fields)) {
      throw new IllegalArgumentException("statistics: an object expected");
    }
    Map<String, Long> byKind = new TreeMap<>();
    if (fields.get("by_type") instanceof Map<?, ?> counts) {
      counts.forEach((kind, count) -> byKind.put(String.valueOf(kind), number(count)));
    }
    return new ConnectionStatistics(
        number(fields.get("total")),
        number(fields.get("active")),
        byKind,
        number(fields.get("message_count")));
  }

  private static long number(@Nullable Object value) {
    return Long.parseLong(String.valueOf(value));
  }

  @Override
  public CompletableFuture<Boolean> send(String id, @Nullable String type, Data data) {
    Message message =
        new Message(Names.DEFAULT_TOPIC, type, data, List.of(), null, List.of(), List.of());
    return sendAlone(id, message).thenApply(one -> one.answer().equals(Responder.SENT));
  }

  /** Sends what the vocabulary lets through; tells a connection that takes nothing from none. */
  CompletableFuture<One> sendAlone(String id, Message message) {
    return intake
        .admitAlone(message)
        .thenCompose(
            known ->
                first(
                    Question.of(
                        Question.SEND,
                        id,
                        new String(Payload.encode(known), StandardCharsets.UTF_8))));
  }

  @Override
  public CompletableFuture<Boolean> heartbeat(String id) {
    return first(Question.of(Question.HEARTBEAT, id)).thenApply(One::found);
  }

  @Override
  public CompletableFuture<Boolean> close(String id) {
    return closeOne(id).thenApply(One::found);
  }

  /** Ends one, and says who was silent. */
  public CompletableFuture<One> closeOne(String id) {
    return first(Question.of(Question.CLOSE, id));
  }

  @Override
  public CompletableFuture<Integer> closeAll(ConnectionQuery query) {
    return closeMatching(query).thenApply(Closed::closed);
  }

  /** Ends all that match, and says who was silent. */
  public CompletableFuture<Closed> closeMatching(ConnectionQuery query) {
    return roster
        .ask(Question.of(Question.CLOSE_ALL, Question.filters(query)), WAIT)
        .thenApply(
            gathered ->
                new Closed(
                    gathered.answers().values().stream().mapToInt(Integer::parseInt).sum(),
                    gathered.missing()));
  }

  /**
   * Topics that somebody listens to, in the order of their names.
   *
   * @param limit at most so many, from 1
   * @param after only those after this name; empty for the first ones
   */
  public CompletableFuture<Topics> topics(int limit, String after) {
    // One more than wanted says whether there are more. The first names of all are among the first
    // names of each node, so that the counts are whole.
    return roster
        .ask(Question.of(Question.TOPICS, limit + 1, after), WAIT)
        .thenApply(gathered -> topicsOf(gathered, limit));
  }

  private static Topics topicsOf(Gathered gathered, int limit) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (String answer : gathered.answers().values()) {
      for (String line : answer.split("\n", -1)) {
        int space = line.indexOf(' ');
        if (space > 0) {
          counts.merge(
              line.substring(space + 1), Integer.parseInt(line.substring(0, space)), Integer::sum);
        }
      }
    }
    List<TopicCount> first = new ArrayList<>();
    counts.entrySet().stream()
        .limit(limit)
        .forEach(entry -> first.add(new TopicCount(entry.getKey(), entry.getValue())));
    String next = counts.size() > limit ? first.get(first.size() - 1).topic() : null;
    return new Topics(first, next, gathered.missing());
  }

  /** Asks until somebody has it. */
  private CompletableFuture<One> first(String question) {
    Predicate<String> found = answer -> !answer.isEmpty();
    return roster
        .ask(question, WAIT, found)
        .thenApply(
            gathered ->
                new One(
                    gathered.answers().values().stream().filter(found).findFirst().orElse(""),
                    gathered.missing()));
  }

  /**
   * A page of connections.
   *
   * @param json one JSON object each
   * @param next asks for the next page, or null if this is the last one
   * @param missing ids of live nodes that were silent
   */
  public record Rows(List<String> json, @Nullable String next, List<String> missing) {}

  /**
   * What the node that has the connection answered.
   *
   * @param answer empty if nobody has it
   * @param missing ids of live nodes that were silent, if nobody had it
   */
  public record One(String answer, List<String> missing) {
    /** Whether somebody has it. */
    public boolean found() {
      return !answer.isEmpty();
    }

    /** Whether it is there and takes nothing more for now. */
    public boolean full() {
      return answer.equals(Responder.FULL);
    }
  }

  /**
   * Statistics.
   *
   * @param missing ids of live nodes that were silent
   */
  public record Figures(ConnectionStatistics statistics, List<String> missing) {}

  /**
   * Ended connections.
   *
   * @param missing ids of live nodes that were silent
   */
  public record Closed(int closed, List<String> missing) {}

  /**
   * A topic and how many connections listen to it.
   *
   * @param topic its name
   * @param connections from 1
   */
  public record TopicCount(String topic, int connections) {}

  /**
   * Topics that are listened to.
   *
   * @param next the name after which there are more, or null
   * @param missing ids of live nodes that were silent
   */
  public record Topics(List<TopicCount> topics, @Nullable String next, List<String> missing) {}
}
