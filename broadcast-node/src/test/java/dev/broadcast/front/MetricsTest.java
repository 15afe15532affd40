package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.front.TestCluster.Setup;
import dev.broadcast.testing.Http;
import dev.broadcast.testing.Ports;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code /metrics} shows, against what really happened. */
class MetricsTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(\\{[^}]*\\})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  @Test
  void namesAndTypesAreThoseOfTheDocumentation() {
    try (FrontNode node = FrontNode.start(List.of())) {
      Map<String, String> types = new TreeMap<>();
      for (String line : node.get("/metrics").text().lines().toList()) {
        if (line.startsWith("# TYPE broadcast_")) {
          String[] words = line.split(" ", -1);
          types.put(words[2], words[3]);
        }
      }
      Map<String, String> expected = new TreeMap<>();
      for (String counter :
          List.of(
              "messages_published",
              "publishes_not_stored",
              "events_delivered",
              "events_dropped",
              "events_replayed",
              "event_delivered_bytes",
              "event_replayed_bytes",
              "resets",
              "connections_opened",
              "connections_fell_behind",
              "disconnects",
              "backplane_backfills",
              "backplane_epochs",
              "backplane_generations",
              "backplane_unreadable_entries",
              "backplane_malformed_frames",
              "idempotency_keys_dropped")) {
        expected.put("broadcast_" + counter + "_total", "counter");
      }
      for (String gauge :
          List.of(
              "connections",
              "connections_behind",
              "queue_messages",
              "queue_bytes",
              "queue_high_water_messages",
              "backplane_ready",
              "backplane_round_trip_seconds",
              "event_loop_lag_seconds")) {
        expected.put("broadcast_" + gauge, "gauge");
      }
      expected.put("broadcast_publish_to_write_seconds", "histogram");
      assertEquals(expected, types);
    }
  }

  @Test
  void noLabelIsChosenByUsers() {
    try (FrontNode node = FrontNode.start(List.of())) {
      node.publish("a-topic", "a-type", "x");
      try (OpenStream stream = node.listen("topic=a-topic&kind=a-kind&id=an-id&history=1")) {
        stream.awaitMessages(1);
        String page = node.get("/metrics").text();
        Set<String> labels = new TreeSet<>();
        Matcher label = LABEL.matcher(page);
        while (label.find()) {
          labels.add(label.group(1));
        }
        labels.removeAll(Set.of("action", "area", "cause", "gc", "id", "le", "loop", "outcome"));
        assertEquals(Set.of("reason", "state"), labels);
        for (String users : List.of("a-topic", "a-type", "a-kind", "an-id")) {
          assertTrue(!page.contains(users), users);
        }
        for (String machine :
            List.of(
                "jvm_memory_used_bytes",
                "jvm_gc_",
                "jvm_threads_live_threads",
                "process_files_open_files",
                "process_cpu_usage",
                "process_resident_memory_bytes",
                "process_uptime_seconds")) {
          assertTrue(page.contains("\n" + machine), machine);
        }
      }
    }
  }

  @Test
  void everyCounterSaysExactlyWhatHappened() {
    try (FrontNode node = FrontNode.start(List.of("--heartbeat=400ms"))) {
      Map<String, Double> before = figures(node);
      OpenStream b = node.listen("topic=t").awaitConnected();
      try (OpenStream a = node.listen("topic=t&id=a").awaitConnected();
          OpenStream c = node.listen("topic=t&topic=u&format=message").awaitConnected();
          OpenStream filtered = node.listen("topic=t&type=update").awaitConnected()) {
        node.publishMany("t", "m", 10);
        node.publishMany("u", "m", 5);
        node.publish("t", "update", "typed");
        node.publish(Map.of("topic", "t", "data", "not a", "exclude", List.of("a")));
        node.publish(Map.of("topic", "t", "data", "only a", "to", List.of("a")));
        a.awaitMessages(12);
        b.awaitMessages(12);
        c.awaitMessages(17);
        filtered.awaitMessages(1);
        publishWithKey(node, 200, "once");
        publishWithKey(node, 200, "once");
        publishWithKey(node, 422, "another");
        a.awaitMessages(13);
        b.awaitMessages(13);
        c.awaitMessages(18);
        try (OpenStream late = node.listen("topic=t&history=4").awaitMessages(3);
            OpenStream takesOver = node.listen("topic=t&id=a", a.cursor());
            OpenStream unreadable = node.listen("topic=t", "no cursor").awaitConnected()) {
          unreadable.await("reset", s -> !s.resets().isEmpty());
          takesOver.awaitConnected();
          a.awaitEnd();
          b.close();
          Await.until(
              "the gone one is counted",
              SOON,
              () -> figures(node).get("broadcast_disconnects_total{reason=\"gone\"}") == 1);
          Map<String, Double> expected = new LinkedHashMap<>();
          expected.put("broadcast_messages_published_total", 19.0);
          expected.put("broadcast_publishes_not_stored_total{outcome=\"repeated\"}", 1.0);
          expected.put("broadcast_publishes_not_stored_total{outcome=\"key-reused\"}", 1.0);
          expected.put("broadcast_publishes_not_stored_total{outcome=\"not-stored\"}", 0.0);
          expected.put("broadcast_publishes_not_stored_total{outcome=\"unknown\"}", 0.0);
          // 10 + typed + not a + only a + keyed
          int live = 3 * 10 + 5 + 3 + 1 + 2 + 1 + 3;
          expected.put("broadcast_events_delivered_total", (double) live);
          expected.put("broadcast_publish_to_write_seconds_count", (double) live);
          expected.put("broadcast_events_dropped_total", 0.0);
          int replayed = late.messages().size() + unreadable.awaitMessages(13).messages().size();
          expected.put("broadcast_events_replayed_total", (double) replayed);
          expected.put("broadcast_resets_total", 1.0);
          expected.put("broadcast_connections", 5.0);
          expected.put("broadcast_connections_opened_total", 7.0);
          expected.put("broadcast_disconnects_total{reason=\"replaced\"}", 1.0);
          expected.put("broadcast_disconnects_total{reason=\"write-timeout\"}", 0.0);
          expected.put("broadcast_connections_fell_behind_total", 0.0);
          expected.put("broadcast_backplane_ready", 1.0);
          Map<String, Double> after = figures(node);
          expected.forEach(
              (name, value) ->
                  assertEquals(
                      value, after.get(name) - (isCounter(name) ? before.get(name) : 0.0), name));
        }
      }
    }
  }

  @Test
  void whatASlowClientGotIsDeliveredLessDroppedPlusReplayed() {
    String padding = "x".repeat(20_000);
    try (FrontNode node =
        FrontNode.start(List.of("--queue-size=8", "--ring-size=1MiB", "--heartbeat=400ms"))) {
      try (OpenStream healthy = node.listen("topic=t").awaitConnected();
          OpenStream stalled = node.listen("topic=t", "", 4096).awaitConnected()) {
        stalled.stall();
        for (int i = 0; i < 300; i++) {
          node.publish("t", i + padding);
        }
        healthy.awaitMessages(300);
        Await.until(
            "one is seen behind",
            SOON,
            () -> figures(node).get("broadcast_connections_behind") == 1);
        assertEquals(8, figures(node).get("broadcast_queue_high_water_messages"));
        stalled.readAgain();
        stalled.awaitMessages(300);
        Map<String, Double> after = figures(node);
        assertEquals(
            600,
            after.get("broadcast_events_delivered_total")
                - after.get("broadcast_events_dropped_total")
                + after.get("broadcast_events_replayed_total"));
        assertTrue(after.get("broadcast_connections_fell_behind_total") >= 1);
        // How many depends on what the kernel's buffers took.
        double replayed = after.get("broadcast_events_replayed_total");
        assertTrue(replayed >= 1);
        assertTrue(after.get("broadcast_event_replayed_bytes_total") > replayed * 20_000);
        double delivered = after.get("broadcast_events_delivered_total");
        assertTrue(after.get("broadcast_event_delivered_bytes_total") > delivered * 20_000);
      }
    }
  }

  @Test
  void latencyIsReckonedOnTheBackplanesClock() {
    try (TestCluster cluster = TestCluster.start(Setup.REDIS);
        OpenStream stream = cluster.node(1).listen("topic=t").awaitConnected()) {
      cluster.node(0).publishMany("t", "m", 100);
      stream.awaitMessages(100);
      FrontNode node = cluster.node(1);
      Map<String, Double> figures = figures(node);
      assertEquals(100, figures.get("broadcast_publish_to_write_seconds_count"));
      assertTrue(figures.get("broadcast_publish_to_write_seconds_sum") < 100, "a second each");
      assertEquals(100, figures.get("broadcast_publish_to_write_seconds_bucket{le=\"5.0\"}"));
      Await.until(
          "a probe's round trip",
          SOON,
          () -> figures(node).get("broadcast_backplane_round_trip_seconds") < 5);
      assertEquals(1, figures(node).get("broadcast_backplane_ready"));
    }
  }

  @Test
  void onlyAdministratorsSeeIt() {
    try (FrontNode node =
        FrontNode.start(List.of("--admin-key=admin", "--subscribe-key=sub", "--publish-key=pub"))) {
      assertEquals(401, node.get("/metrics").status());
      assertEquals(403, node.call("GET", "/metrics", "", "Authorization", "Bearer sub").status());
      assertEquals(403, node.call("GET", "/metrics", "", "Authorization", "Bearer pub").status());
      Http.Answer open =
          node.call(
              "GET",
              "/metrics",
              "",
              "Authorization",
              "Bearer admin",
              "Accept",
              "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
      assertEquals(200, open.status());
      assertTrue(open.header("Content-Type").startsWith("application/openmetrics-text"));
      assertTrue(open.text().endsWith("# EOF\n"));
    }
  }

  @Test
  void onThePortOfItsOwnNobodyIsAskedForAKey() throws Exception {
    int port = Ports.free();
    try (FrontNode node =
        FrontNode.start(List.of("--admin-key=admin", "--management-port=" + port))) {
      Http.Answer answer = new Http("").get(URI.create("http://127.0.0.1:" + port), "/metrics");
      assertEquals(200, answer.status(), answer.text());
      assertTrue(answer.text().contains("\nbroadcast_connections "), answer.text());
      assertEquals(404, node.call("GET", "/metrics", "", "Authorization", "Bearer admin").status());
    }
  }

  private static boolean isCounter(String name) {
    return name.contains("_total") || name.endsWith("_count");
  }

  private static void publishWithKey(FrontNode node, int status, String data) {
    Http.Answer answer =
        node.call(
            "POST",
            "/events",
            Http.toJson(Map.of("topic", "t", "data", data)),
            "Content-Type",
            "application/json",
            "Idempotency-Key",
            "k1");
    assertEquals(status, answer.status(), answer.text());
  }

  private static Map<String, Double> figures(FrontNode node) {
    Http.Answer answer = node.get("/metrics");
    assertEquals(200, answer.status(), answer.text());
    Map<String, Double> figures = new LinkedHashMap<>();
    List<String> unread = new ArrayList<>();
    for (String line : answer.text().lines().toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches()) {
        String labels = sample.group(2) == null ? "" : sample.group(2);
        figures.put(
            sample.group(1) + labels, Double.valueOf(sample.group(3).replace("Inf", "Infinity")));
      } else if (!line.startsWith("#")) {
        unread.add(line);
      }
    }
    assertEquals(List.of(), unread);
    return figures;
  }
}
