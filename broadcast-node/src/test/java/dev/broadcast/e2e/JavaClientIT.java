package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.api.Message;
import dev.broadcast.api.broadcaster.SubscribeOptions;
import dev.broadcast.api.client.BroadcastClient;
import dev.broadcast.api.client.ClientSettings;
import dev.broadcast.api.client.Listening;
import dev.broadcast.api.stream.StreamEvent;
import dev.broadcast.api.stream.StreamEvent.Delivered;
import dev.broadcast.api.stream.StreamEvent.Interrupted;
import dev.broadcast.api.stream.StreamEvent.Reset;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client publishes and listens while its nodes are killed, stopped and paused. */
@Timeout(120)
class JavaClientIT {
  private static final int COUNT = 300;

  @TempDir Path directory;

  private final List<StreamEvent> seen = new CopyOnWriteArrayList<>();

  @Test
  void missesNothingAndDoublesNothingWhileNodesDie() throws Exception {
    try (Cluster cluster = Cluster.start(directory, 2, "--heartbeat", "300ms", "--drain", "1s");
        BroadcastClient client =
            new BroadcastClient(
                ClientSettings.of(cluster.uris().toArray(URI[]::new))
                    .key("only-for-tests")
                    .timeouts(Duration.ofSeconds(2), Duration.ofSeconds(30))
                    .backoff(Duration.ofMillis(20), Duration.ofMillis(500)));
        Listening listening = client.listen(SubscribeOptions.to("it"), seen::add)) {
      await("opened", () -> !seen.isEmpty());
      for (int i = 0; i < COUNT; i++) {
        switch (i) {
          case 60 -> cluster.node(0).kill();
          case 120 -> cluster.revive(0);
          case 150 -> cluster.node(1).pause();
          case 200 -> cluster.node(1).resume();
          case 240 -> cluster.node(0).terminate();
          default -> {}
        }
        client
            .publish(Message.builder("update", Integer.toString(i)).topic("it").build())
            .get(60, TimeUnit.SECONDS);
      }

      await("all " + COUNT + ": " + data().size(), () -> data().size() >= COUNT);
      assertEquals(IntStream.range(0, COUNT).mapToObj(Integer::toString).toList(), data());
      assertEquals(0, seen.stream().filter(Reset.class::isInstance).count());
      assertTrue(seen.stream().anyMatch(Interrupted.class::isInstance), "no fault was felt");
      assertFalse(listening.ended().isDone());
    }
  }

  private List<String> data() {
    return seen.stream()
        .filter(Delivered.class::isInstance)
        .map(event -> ((Delivered) event).message().data().content())
        .toList();
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not within 40 s: " + what);
      LockSupport.parkNanos(10_000_000);
    }
  }
}
