package dev.broadcast.node.hub;

import dev.broadcast.api.connection.ConnectionQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What nodes ask each other about their connections: a verb and its arguments, one a line. */
final class Question {
  static final String COUNT = "connections";
  static final String LIST = "list";
  static final String STATISTICS = "statistics";
  static final String GET = "get";
  static final String SEND = "send";
  static final String HEARTBEAT = "heartbeat";
  static final String CLOSE = "close";
  static final String CLOSE_ALL = "close-all";
  static final String TOPICS = "topics";
  static final String FIGURES = "figures";
  static final String RECEIVED = "received";

  private Question() {}

  static String of(String verb, Object... arguments) {
    StringBuilder text = new StringBuilder(verb);
    for (Object argument : arguments) {
      text.append('\n').append(argument);
    }
    return text.toString();
  }

  /**
   * The filters of a query as arguments; a kind may be anything but a line end, so it stands last.
   */
  static String filters(ConnectionQuery query) {
    return (query.activeOnly() ? "y" : "")
        + '\n'
        + (query.topic() == null ? "" : query.topic())
        + '\n'
        + (query.kind() == null ? "" : query.kind());
  }

  /** What {@link #filters} wrote, from the argument {@code at} on. */
  static ConnectionQuery query(List<String> words, int at) {
    return new ConnectionQuery(
        orNull(words.get(at + 2)),
        orNull(words.get(at + 1)),
        words.get(at).equals("y"),
        null,
        ConnectionQuery.MAX_LIMIT);
  }

  private static @Nullable String orNull(String word) {
    return word.isEmpty() ? null : word;
  }
}
