package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The promise as a whole: whatever dies, every client gets every message once and in order. */
class ClusterFaultIT {

  private static final List<String> TOPICS = List.of("t0", "t1", "t2", "t3", "t4");
  private static final int CLIENTS = 60;
  private static final long SEED = 20_260_101;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  @Timeout(150)
  void nothingIsLostDoubledOrSwappedWhateverDies() {
    var ledger = new Ledger();
    var listeners = new ArrayList<Listener>();
    try (var cluster = Cluster.start(directory, 3, "--heartbeat", "1s", "--drain", "5s")) {
      try {
        for (int i = 0; i < CLIENTS; i++) {
          listeners.add(listener(cluster, i));
        }
        listeners.forEach(listener -> listener.client().awaitConnected());
        var traffic = new Traffic(TOPICS, Duration.ofMillis(8));
        for (int i = 0; i < 3; i++) {
          traffic.start(cluster.publisher("p" + i, i, ledger), SEED + i);
        }
        ledger.awaitProgress(100, SOON);

        killANode(cluster, ledger);
        killRedis(cluster, ledger, listeners);
        killPubSub(cluster, ledger, listeners);
        stallAndCutClients(ledger, listeners);
        rollAllNodes(cluster, ledger);

        traffic.stop();
        // Once this last one is there, nothing that was sent before it can still be on its way.
        Publisher last = cluster.publisher("last", 0, ledger);
        TOPICS.forEach(topic -> last.publish(new Publisher.Draft(topic, "update", List.of("u1"))));

        Judge.Verdict verdict = Judge.judge(ledger, listeners, SOON);
        System.out.println("seed " + SEED + ": " + verdict);
        verdict.assertClean();
        // Else the faults were not felt, or the judge had nothing to judge.
        assertFalse(ledger.failures().isEmpty(), "no publish met a fault");
        assertTrue(verdict.deliveries() > 1_000, verdict.toString());
      } finally {
        listeners.forEach(listener -> listener.client().close());
      }
    }
  }

  /** On one topic, two or all; some with filters; some with tiny buffers; spread over the nodes. */
  private static Listener listener(Cluster cluster, int i) {
    int own = i % TOPICS.size();
    List<String> topics =
        switch (i % 6) {
          case 0 -> TOPICS;
          case 1 -> List.of(TOPICS.get(own), TOPICS.get((own + 1) % TOPICS.size()));
          default -> List.of(TOPICS.get(own));
        };
    Subscription plan =
        Subscription.to(cluster.uris(), "c" + i, topics.toArray(String[]::new)).first(i % 3);
    if (isSlow(i)) {
      plan = plan.buffering(4096);
    }
    Set<String> of = Set.copyOf(topics);
    return switch (i % 10) {
      case 3 ->
          new Listener(plan.with("type=update").start(), of, it -> it.type().equals("update"));
      case 7 ->
          new Listener(
              plan.with("target=u1").start(),
              of,
              it -> it.targets().isEmpty() || it.targets().contains("u1"));
      default -> new Listener(plan.start(), of, it -> true);
    };
  }

  private static boolean isSlow(int client) {
    return client % 12 == 6;
  }

  private static void killANode(Cluster cluster, Ledger ledger) {
    cluster.node(0).kill();
    ledger.awaitProgress(150, SOON);
    cluster.revive(0);
    ledger.awaitProgress(50, SOON);
  }

  private static void killRedis(Cluster cluster, Ledger ledger, List<Listener> listeners) {
    long opened = connections(listeners);
    cluster.redis().kill();
    ledger.awaitFailures(3, SOON);
    cluster.redis().restart();
    ledger.awaitProgress(150, SOON);
    assertEquals(opened, connections(listeners), "no stream may be closed for Redis' sake");
  }

  private static void killPubSub(Cluster cluster, Ledger ledger, List<Listener> listeners) {
    long opened = connections(listeners);
    assertTrue(cluster.redis().killPubSub() > 0, "the nodes subscribe with pub/sub connections");
    ledger.awaitProgress(150, SOON);
    assertEquals(opened, connections(listeners), "no stream may be closed for Redis' sake");
  }

  private static void stallAndCutClients(Ledger ledger, List<Listener> listeners) {
    for (int i = 0; i < CLIENTS; i++) {
      if (isSlow(i)) {
        listeners.get(i).client().stall();
      } else if (i % 12 == 1) {
        listeners.get(i).client().drip(Duration.ofMillis(1));
      } else if (i % 12 == 2) {
        listeners.get(i).client().cut();
      }
    }
    ledger.awaitProgress(400, SOON);
    listeners.forEach(listener -> listener.client().resume());
  }

  private static void rollAllNodes(Cluster cluster, Ledger ledger) {
    for (int i = 0; i < 3; i++) {
      cluster.node(i).terminate();
      assertEquals(0, cluster.node(i).awaitExit(Duration.ofSeconds(7)), cluster.node(i).output());
      ledger.awaitProgress(50, SOON);
      cluster.revive(i);
    }
  }

  private static long connections(List<Listener> listeners) {
    return listeners.stream().mapToLong(it -> it.client().seen().connectionCount()).sum();
  }
}
