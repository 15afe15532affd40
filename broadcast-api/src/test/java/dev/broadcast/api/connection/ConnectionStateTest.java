package dev.broadcast.api.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.broadcast.api.InvalidMessageException;
import dev.broadcast.api.connection.ConnectionState.Connected;
import dev.broadcast.api.connection.ConnectionState.Connecting;
import dev.broadcast.api.connection.ConnectionState.Disconnected;
import dev.broadcast.api.connection.ConnectionState.Failed;
import dev.broadcast.api.connection.ConnectionState.Reconnecting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionStateTest {
  private static final List<ConnectionState> ALL =
      List.of(
          new Connecting(),
          new Connected(),
          new Reconnecting(),
          new Disconnected("gone"),
          new Failed("write-timeout"));

  @Test
  void theFirstThreeAreActive() {
    assertEquals(
        List.of("connecting", "connected", "reconnecting", "disconnected", "error"),
        ALL.stream().map(ConnectionState::wire).toList());
    assertEquals(
        List.of(true, true, true, false, false),
        ALL.stream().map(ConnectionState::active).toList());
    for (ConnectionState state : ALL) {
      assertEquals(state.wire(), ConnectionState.parse(state.wire()).wire());
    }
    assertThrows(InvalidMessageException.class, () -> ConnectionState.parse("open"));
  }

  @Test
  void onlyLegalTransitionsAreMade() {
    List<String> legal = new ArrayList<>();
    for (ConnectionState from : ALL) {
      for (ConnectionState to : ALL) {
        if (from.mayBecome(to)) {
          legal.add(from.wire() + " " + to.wire());
          assertEquals(to, from.become(to));
        } else {
          assertThrows(IllegalStateException.class, () -> from.become(to));
        }
      }
    }
    assertEquals(
        Set.of(
            "connecting connected",
            "connecting reconnecting",
            "connecting disconnected",
            "connecting error",
            "reconnecting connected",
            "reconnecting disconnected",
            "reconnecting error",
            "connected disconnected",
            "connected error",
            "error disconnected"),
        Set.copyOf(legal));
  }
}
