package dev.broadcast.api.connection;

import dev.broadcast.api.Names;
import org.jspecify.annotations.Nullable;

/**
 * Which connections are wanted. Immutable.
 *
 * @param kind only this kind, or null for all
 * @param topic only those that listen to this topic, or null for all
 * @param activeOnly only active ones
 * @param after what the page before called {@code next}, or null for the first page
 * @param limit at most so many, 1 to {@value #MAX_LIMIT}
 */
public record ConnectionQuery(
    @Nullable String kind,
    @Nullable String topic,
    boolean activeOnly,
    @Nullable String after,
    int limit) {

  /** The longest page. */
  public static final int MAX_LIMIT = 1000;

  public ConnectionQuery {
    if (kind != null) {
      Names.name("kind", kind);
    }
    if (topic != null) {
      Names.topic("topic", topic);
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit: 1 to " + MAX_LIMIT + " expected, not " + limit);
    }
  }

  /** All of them, page by page. */
  public static ConnectionQuery all() {
    return new ConnectionQuery(null, null, false, null, MAX_LIMIT);
  }

  /** Only this kind. */
  public ConnectionQuery ofKind(String wanted) {
    return new ConnectionQuery(wanted, topic, activeOnly, after, limit);
  }

  /** Only who is on this topic. */
  public ConnectionQuery onTopic(String wanted) {
    return new ConnectionQuery(kind, wanted, activeOnly, after, limit);
  }

  /** Only active ones. */
  public ConnectionQuery active() {
    return new ConnectionQuery(kind, topic, true, after, limit);
  }

  /** At most so many a page. */
  public ConnectionQuery limit(int most) {
    return new ConnectionQuery(kind, topic, activeOnly, after, most);
  }

  /** The page after one. */
  public ConnectionQuery next(String cursor) {
    return new ConnectionQuery(kind, topic, activeOnly, cursor, limit);
  }

  /** Whether a connection is wanted. */
  public boolean matches(Connection connection) {
    return (kind == null || kind.equals(connection.kind()))
        && (topic == null || connection.topics().contains(topic))
        && (!activeOnly || connection.active());
  }
}
