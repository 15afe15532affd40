package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.e2e.BalancerProcess.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every node restarted, one after the other, behind the load balancers whose files are shipped. */
class RollingRestartIT {
  private static final List<String> TOPICS = List.of("t0", "t1", "t2");
  private static final int CLIENTS = 45;
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void losesNothingAndClosesNoStreamUncleanly(Kind kind) {
    assumeTrue(kind.installed().isPresent(), kind + " is not installed");
    var ledger = new Ledger();
    var listeners = new ArrayList<Listener>();
    try (var cluster = Cluster.start(directory, 3, "--heartbeat", "1s", "--drain", "3s");
        var balancer = BalancerProcess.start(kind, directory, cluster.uris())) {
      try {
        balancer.awaitServing();
        for (int i = 0; i < CLIENTS; i++) {
          String topic = TOPICS.get(i % TOPICS.size());
          var plan = Subscription.to(List.of(balancer.uri()), "c" + i, topic);
          listeners.add(Listener.toAll(plan.start(), topic));
        }
        listeners.forEach(listener -> listener.client().awaitConnected());
        var traffic = new Traffic(TOPICS, Duration.ofMillis(5));
        for (int i = 0; i < 3; i++) {
          var publisher =
              new Publisher("p" + i, List.of(balancer.uri()), 0, cluster.http(), ledger);
          traffic.start(publisher, 1 + i);
        }
        ledger.awaitProgress(100, SOON);

        for (int i = 0; i < 3; i++) {
          cluster.node(i).terminate();
          assertEquals(0, cluster.node(i).awaitExit(Duration.ofSeconds(5)));
          ledger.awaitProgress(100, SOON);
          cluster.revive(i);
          ledger.awaitProgress(200, SOON);
        }

        traffic.stop();
        for (Listener listener : listeners) {
          // An EventSource that is answered anything but 200 never comes back.
          assertEquals(List.of(), listener.client().seen().refusals(), balancer::log);
        }
        assertEquals(
            List.of(),
            ledger.failures(),
            () -> "a publisher was left without an answer of 200\n" + balancer.log());
        Judge.Verdict verdict = Judge.judge(ledger, listeners, SOON);
        System.out.println(kind + ": " + verdict);
        verdict.assertClean();
        assertTrue(verdict.deliveries() > 1_000, verdict.toString());
        int ended = 0;
        for (Listener listener : listeners) {
          SeenByClient seen = listener.client().seen();
          for (int connection = 1; connection < seen.connectionCount(); connection++) {
            int which = connection;
            assertTrue(
                seen.ofType("closing").stream().anyMatch(it -> it.connection() == which),
                () -> listener.client() + " was not told of its end: " + listener.client().seen());
            ended++;
          }
        }
        assertTrue(ended >= CLIENTS, "every stream was to move at least once: " + ended);
      } finally {
        listeners.forEach(listener -> listener.client().close());
      }
    }
  }
}
