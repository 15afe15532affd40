package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.broadcast.front.TestCluster.Setup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the live page shows, against what really happened. */
class ClusterFiguresTest {
  private static List<JsonNode> nodes(FrontNode asked) {
    return StreamSupport.stream(asked.get("/cluster").json().path("nodes").spliterator(), false)
        .toList();
  }

  private static long sum(List<JsonNode> nodes, String field) {
    return nodes.stream().mapToLong(node -> node.path(field).asLong()).sum();
  }

  @Test
  void everyNodeSaysWhatItDid() {
    try (TestCluster cluster = TestCluster.start(Setup.REDIS)) {
      try (OpenStream one = cluster.node(0).listen("topic=t").awaitConnected();
          OpenStream two = cluster.node(1).listen("topic=t").awaitConnected()) {
        cluster.node(0).publish("t", "a");
        one.awaitMessages(1);
        two.awaitMessages(1);
        Await.until("counted", () -> sum(nodes(cluster.node(1)), "delivered") == 2);
        List<JsonNode> nodes = nodes(cluster.node(1));
        assertEquals(2, nodes.size());
        assertEquals(2, sum(nodes, "connections"));
        assertEquals(1, sum(nodes, "published"));
        for (JsonNode node : nodes) {
          assertTrue(node.path("backplane").path("ready").asBoolean(), node.toString());
          assertEquals(
              node.path("latency").path("bounds_millis").size() + 1,
              node.path("latency").path("counts").size());
          assertEquals(1, sum(List.of(node), "delivered"));
        }
      }
      Await.until(
          "ended",
          () ->
              nodes(cluster.node(0)).stream()
                      .mapToLong(node -> node.path("disconnects").path("gone").asLong())
                      .sum()
                  == 2);
    }
  }

  @Test
  void howeverManyAskTheNodesAreAskedOnceASecond() {
    try (TestCluster cluster = TestCluster.start(Setup.REDIS)) {
      long begun = System.nanoTime();
      Set<String> said = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        List<String> uptimes = new ArrayList<>();
        nodes(cluster.node(0)).forEach(n -> uptimes.add(n.path("uptime_millis").asText()));
        said.add(String.join(" ", uptimes));
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertTrue(said.size() <= 1 + seconds / 0.9, said.size() + " in " + seconds);
    }
  }

  @Test
  void topicsTellWhatTheyKeepAndWhatCame() {
    for (Setup setup : List.of(Setup.ALONE_TWO_SHARDS, Setup.REDIS_TWO_SHARDS)) {
      try (TestCluster cluster = TestCluster.start(setup)) {
        FrontNode node = cluster.node(0);
        node.publish("a", "before anybody listens");
        try (OpenStream stream = node.listen("topic=a&topic=b").awaitConnected()) {
          node.publishMany("a", "x", 3);
          node.publish("b", "1");
          stream.awaitMessages(4);
          JsonNode topics = node.get("/topics?figures=true").json().path("topics");
          assertEquals(
              "[{\"topic\":\"a\",\"connections\":1,\"kept\":4,\"received\":3},"
                  + "{\"topic\":\"b\",\"connections\":1,\"kept\":1,\"received\":1}]",
              topics.toString());
          assertFalse(node.get("/topics").text().contains("kept"));
          assertEquals(400, node.get("/topics?figures=yes").status());
        }
      }
    }
  }

  @Test
  void aConnectionThatDoesNotReadShowsItsLag() {
    try (FrontNode node = FrontNode.start(List.of("--queue-size=8"))) {
      try (OpenStream quick = node.listen("topic=t&kind=quick").awaitConnected();
          OpenStream slow = node.listen("topic=t&kind=slow", "", 4096).awaitConnected()) {
        slow.stall();
        node.publishMany("t", "x".repeat(15_000), 800);
        quick.awaitMessages(800);
        Await.until("lag", () -> lag(node, "slow") > 100);
        assertEquals(0, lag(node, "quick"));
      }
    }
  }

  private static long lag(FrontNode node, String kind) {
    return node.get("/connections?kind=" + kind)
        .json()
        .path("connections")
        .path(0)
        .path("lag")
        .asLong(-1);
  }
}
