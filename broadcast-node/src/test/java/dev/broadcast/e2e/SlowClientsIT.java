package dev.broadcast.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Crowd;
import dev.broadcast.testing.Crowd.Member;
import dev.broadcast.testing.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 2,000 clients of a node with little memory, 5 % of which stop reading. They listen to what all
 * listen to and to a topic that carries several times the node's memory.
 */
@Timeout(90)
class SlowClientsIT {
  private static final int CLIENTS = 2_000;
  private static final int STALLED = 100;
  private static final int ON_BULK = 3;
  private static final int MESSAGES = 120;
  private static final int BULK = 6_000;
  private static final int BATCH = 25;
  private static final String PADDING = " " + "x".repeat(6_000);
  private static final String BULK_PADDING = " " + "y".repeat(32_000);
  private static final long MEMORY_MIB = 128;

  private final Http http = new Http("");

  @Test
  void costBoundedMemoryDelayNobodyAndLoseNothing() throws IOException {
    List<String> jvm = List.of("-Xmx" + MEMORY_MIB + "m", "-XX:TieredStopAtLevel=1");
    List<String> flags =
        List.of("--port=0", "--write-timeout=10s", "--ring-size=16MiB", "--history-size=200");
    try (NodeProcess node = NodeProcess.launch(jvm, flags);
        Crowd crowd = new Crowd()) {
      URI uri = node.uri();
      List<Member> healthy = new ArrayList<>();
      List<Member> onBulk = new ArrayList<>();
      List<Member> stalled = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        boolean stalls = i % (CLIENTS / STALLED) == 0;
        boolean bulk = !stalls && onBulk.size() < ON_BULK;
        String query = stalls || bulk ? "topic=all&topic=bulk" : "topic=all";
        Member member = crowd.join(uri, query, "", 0, new int[0]);
        (stalls ? stalled : healthy).add(member);
        if (bulk) {
          onBulk.add(member);
        }
      }
      until(() -> connected(uri) == CLIENTS);
      stalled.forEach(Member::stall);

      // When all are sent their messages among a part of the bulk
      publish(uri, onBulk, 0, BULK / 3, MESSAGES);
      // Then all others have everything while the stalled ones are still open
      until(() -> healthy.stream().allMatch(m -> m.next('a') == MESSAGES));
      until(() -> onBulk.stream().allMatch(m -> m.next('b') == BULK / 3));
      assertEquals(CLIENTS, connected(uri));
      // And all the rest, within the memory there is
      publish(uri, onBulk, BULK / 3, BULK, 0);
      until(() -> onBulk.stream().allMatch(m -> m.next('b') == BULK));
      Set<String> faults = new HashSet<>();
      healthy.forEach(member -> faults.add(member.fault()));
      assertEquals(Set.of(""), faults);
      assertTrue(node.isAlive() && !node.output().contains("OutOfMemory"), node.output());
      Path status = Path.of("/proc", "" + node.pid(), "status");
      if (Files.exists(status)) {
        String peak =
            Files.readAllLines(status).stream().filter(l -> l.startsWith("VmHWM")).findAny().get();
        long mib = Long.parseLong(peak.replaceAll("[^0-9]", "")) >> 10;
        assertTrue(mib < 4 * MEMORY_MIB, peak);
      }

      // And they are closed for a reason that is counted
      until(() -> connected(uri) == CLIENTS - STALLED);
      assertEquals(STALLED, disconnects(uri).path("write-timeout").asInt());
      int closed = 0;
      for (JsonNode reason : disconnects(uri)) {
        closed += reason.asInt();
      }
      assertEquals(STALLED, closed, disconnects(uri)::toString);
      // And their cursors repair it: they learn what is gone, and get all that is kept
      stalled.forEach(Member::readAgain);
      until(() -> stalled.stream().allMatch(Member::ended));
      for (Member member : stalled) {
        assertEquals("", member.fault());
        Member again = crowd.join(uri, "topic=all", member.cursor(), 0, new int[] {member.next('a')});
        until(() -> again.next('a') == MESSAGES);
        assertEquals("", again.fault());
        assertEquals(1, again.control().size(), () -> "" + again.control());
      }
    }
  }

  /** Bulk, as fast as the healthy ones on it take it, and among it what is for all. */
  private void publish(URI uri, List<Member> onBulk, int from, int to, int forAll)
      throws IOException {
    int all = 0;
    for (int first = from; first < to; first += BATCH) {
      List<Map<String, String>> messages = new ArrayList<>();
      for (int i = first; i < first + BATCH; i++) {
        messages.add(Map.of("topic", "bulk", "data", "b" + i + BULK_PADDING));
      }
      post(uri, messages);
      for (; all < forAll * (first + BATCH - from) / (to - from); all++) {
        post(uri, Map.of("topic", "all", "data", "a" + all + PADDING));
      }
      int enough = first - 2 * BATCH;
      until(() -> onBulk.stream().allMatch(m -> m.next('b') >= enough));
    }
  }

  private void post(URI uri, Object json) throws IOException {
    Http.Answer answer = http.post(uri, "/events", json, Map.of());
    assertEquals(200, answer.status(), answer.text());
  }

  private JsonNode status(URI uri) {
    try {
      return http.get(uri, "/status").json();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int connected(URI uri) {
    return status(uri).path("node").path("connected_clients").asInt();
  }

  private JsonNode disconnects(URI uri) {
    return status(uri).path("node").path("disconnects");
  }

  private static void until(Callable<Boolean> holds) {
    await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(10)).until(holds);
  }
}
