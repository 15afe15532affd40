package dev.broadcast.api.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.InvalidMessageException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private static final Instant THEN = Instant.parse("2026-03-01T09:30:00.005Z");

  private static Connection connection(String id, String kind, ConnectionState state, long count) {
    return new Connection(id, kind, "n1", state, List.of("a"), Map.of("k", "v"), THEN, THEN, count);
  }

  @Test
  void isJson() {
    assertEquals(
        "{\"id\":\"user_1\",\"kind\":\"user\",\"node\":\"n1\",\"state\":\"connected\","
            + "\"topics\":[\"a\"],\"metadata\":{\"k\":\"v\"},"
            + "\"created_at\":\"2026-03-01T09:30:00.005Z\","
            + "\"last_activity\":\"2026-03-01T09:30:00.005Z\",\"message_count\":3}",
        connection("user_1", "user", new ConnectionState.Connected(), 3).toJson());
    assertThrows(
        InvalidMessageException.class,
        () -> connection("a\nb", "user", new ConnectionState.Connected(), 3));
  }

  @Test
  void statisticsAddUpAndForgetKindsWithoutConnections() {
    ConnectionStatistics one =
        ConnectionStatistics.of(
            List.of(
                connection("1", "user", new ConnectionState.Connected(), 2),
                connection("2", "user", new ConnectionState.Reconnecting(), 1),
                connection("3", "admin", new ConnectionState.Failed("behind"), 0)));
    ConnectionStatistics both =
        one.plus(new ConnectionStatistics(1, 1, Map.of("job", 1L, "none", 0L), 4));
    assertEquals(
        "{\"total\":4,\"active\":3,\"by_type\":{\"admin\":1,\"job\":1,\"user\":2},"
            + "\"message_count\":7}",
        both.toJson());
    assertEquals(both, both.plus(ConnectionStatistics.NONE));
  }

  @Test
  void aQueryPicksByKindTopicAndActivity() {
    Connection user = connection("1", "user", new ConnectionState.Connected(), 0);
    Connection gone = connection("2", "user", new ConnectionState.Disconnected("gone"), 0);
    assertTrue(ConnectionQuery.all().matches(gone));
    assertTrue(ConnectionQuery.all().active().ofKind("user").onTopic("a").matches(user));
    assertFalse(ConnectionQuery.all().active().matches(gone));
    assertFalse(ConnectionQuery.all().ofKind("job").matches(user));
    assertFalse(ConnectionQuery.all().onTopic("b").matches(user));
    assertThrows(IllegalArgumentException.class, () -> ConnectionQuery.all().limit(0));
  }

  @Test
  void presenceIsJson() {
    assertEquals(
        "{\"action\":\"join\",\"topic\":\"a\",\"connection_id\":\"c\",\"kind\":\"user\"}",
        new Presence(Presence.Action.JOIN, "a", "c", "user", Map.of()).toJson());
  }
}
