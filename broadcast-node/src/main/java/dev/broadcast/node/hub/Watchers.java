package dev.broadcast.node.hub;

import dev.broadcast.api.EventEncoder;
import dev.broadcast.api.connection.Presence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One loop's connections that want to know who joins and leaves. Only on the loop. */
final class Watchers {
  private final Map<String, List<Connection>> byTopic = new HashMap<>();

  void add(Connection connection) {
    for (String topic : connection.request().topics()) {
      byTopic.computeIfAbsent(topic, t -> new ArrayList<>(2)).add(connection);
    }
  }

  void remove(Connection connection) {
    for (String topic : connection.request().topics()) {
      byTopic.computeIfPresent(
          topic,
          (t, list) -> {
            list.remove(connection);
            return list.isEmpty() ? null : list;
          });
    }
  }

  /** Tells all on its topic but the one who it is about, on every loop. Any thread. */
  static void tell(List<Loop> loops, Presence presence) {
    String json = presence.toJson();
    for (Loop loop : loops) {
      loop.execute(() -> loop.watchers().tell(presence.topic(), presence.connectionId(), json));
    }
  }

  private void tell(String topic, String about, String json) {
    byte[] event = EventEncoder.event(null, "presence", json);
    for (Connection connection : byTopic.getOrDefault(topic, List.of())) {
      if (connection.listed() && !connection.id().equals(about)) {
        connection.tellPresence(event);
      }
    }
  }
}
