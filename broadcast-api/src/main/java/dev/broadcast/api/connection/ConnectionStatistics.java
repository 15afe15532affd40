package dev.broadcast.api.connection;

import dev.broadcast.api.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Figures of all connections. Immutable.
 *
 * @param total open ones
 * @param active those of them that messages reach
 * @param byType how many of each kind; kinds without connections are not in it
 * @param messageCount events written to the open ones
 */
public record ConnectionStatistics(
    long total, long active, Map<String, Long> byType, long messageCount) {

  /** Of no connection at all. */
  public static final ConnectionStatistics NONE = new ConnectionStatistics(0, 0, Map.of(), 0);

  public ConnectionStatistics {
    Map<String, Long> positive = new TreeMap<>(byType);
    positive.values().removeIf(count -> count <= 0);
    byType = Map.copyOf(positive);
  }

  /** The figures of some connections. */
  public static ConnectionStatistics of(Iterable<Connection> connections) {
    ConnectionStatistics sum = NONE;
    for (Connection c : connections) {
      sum =
          sum.plus(
              new ConnectionStatistics(
                  1, c.active() ? 1 : 0, Map.of(c.kind(), 1L), c.messageCount()));
    }
    return sum;
  }

  /** Both together, as for two nodes. */
  public ConnectionStatistics plus(ConnectionStatistics other) {
    Map<String, Long> both = new TreeMap<>(byType);
    other.byType.forEach((kind, count) -> both.merge(kind, count, Long::sum));
    return new ConnectionStatistics(
        total + other.total, active + other.active, both, messageCount + other.messageCount);
  }

  /** {@code {"total","active","by_type","message_count"}}. */
  public String toJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("total", total);
    fields.put("active", active);
    fields.put("by_type", new TreeMap<>(byType));
    fields.put("message_count", messageCount);
    return Json.write(fields);
  }
}
