package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.OpenStream.Event;
import dev.broadcast.front.TestCluster.Setup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who asks is told who comes and goes; heartbeats can be events. */
class PresenceTest {
  @RegisterExtension static final SharedClusters CLUSTERS = new SharedClusters();

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "REDIS"})
  void tellsWhoJoinsAndLeavesOnWhateverNode(Setup setup) {
    TestCluster cluster = CLUSTERS.on(setup);
    String topic = TestCluster.topic("room");
    try (OpenStream watcher =
            cluster.node(0).listen("presence=true&topic=" + topic).awaitConnected();
        OpenStream plain = cluster.node(0).listen("topic=x" + topic).awaitConnected()) {
      OpenStream guest =
          cluster.node(1).listen("topic=other&topic=" + topic + "&kind=user&meta.name=Ann");
      String id = guest.connected().path("connection_id").asText();
      watcher.await("join", s -> s.ofType("presence").size() == 1);
      JsonNode join = watcher.ofType("presence").get(0).json();
      assertEquals(
          "{\"action\":\"join\",\"topic\":\""
              + topic
              + "\",\"connection_id\":\""
              + id
              + "\",\"kind\":\"user\",\"metadata\":{\"name\":\"Ann\"}}",
          join.toString());
      String cursor = watcher.cursor();
      guest.close();
      watcher.await("leave", s -> s.ofType("presence").size() == 2);
      Event leave = watcher.ofType("presence").get(1);
      assertEquals("leave", leave.json().path("action").asText());
      assertEquals(id, leave.json().path("connection_id").asText());
      assertEquals(cursor, watcher.cursor());
      assertEquals(List.of(), plain.ofType("presence"));
    }
  }

  @Test
  void heartbeatsCanBeEvents() {
    try (TestCluster cluster = TestCluster.start(Setup.ALONE, "--heartbeat=200ms");
        OpenStream page = cluster.node(0).listen("heartbeat=event");
        OpenStream plain = cluster.node(0).listen("heartbeat=comment")) {
      page.await("heartbeats", s -> s.ofType("heartbeat").size() >= 2);
      assertTrue(page.ofType("heartbeat").get(0).json().has("timestamp"));
      assertEquals(List.of(), page.comments());
      assertEquals(0.2, page.connected().path("heartbeat_interval").asDouble());
      plain.await("a heartbeat", s -> !s.comments().isEmpty());
      assertEquals(List.of(), plain.ofType("heartbeat"));
    }
  }
}
