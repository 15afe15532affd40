package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.HttpStream;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import dev.broadcast.testing.TestRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who watches a topic hears that clients are gone when their node was killed, and who came and went
 * while the nodes could not talk.
 */
@Timeout(120)
class PresenceIT {
  private static final Pattern EVENT =
      Pattern.compile(
          "event: presence\\n"
              + "data: \\{\"action\":\"(\\w+)\",\"topic\":\"room\",\"connection_id\":\"(\\w+)\"");
  private static final Pattern ID = Pattern.compile("id: (\\S+)");
  private static final Map<String, String> PAGE = Map.of("Accept", "text/event-stream");
  private static final Duration WITHIN = Duration.ofSeconds(20);

  /** A stream whose text is collected. */
  private static final class Client implements AutoCloseable {
    private final HttpStream stream;
    private final StringBuilder text = new StringBuilder();

    Client(NodeProcess node, String query) throws IOException {
      stream = new HttpStream(node.uri(), "/events?topic=room&" + query, PAGE, 0);
      Thread reader = new Thread(this::read, "reader");
      reader.setDaemon(true);
      reader.start();
      await("event: connected", 1);
    }

    private void read() {
      byte[] buffer = new byte[8192];
      try {
        for (int n = stream.read(buffer, 8192); n > 0; n = stream.read(buffer, 8192)) {
          synchronized (text) {
            text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
            text.notifyAll();
          }
        }
      } catch (IOException e) {
        // Its node was killed, or the test is over.
      }
    }

    void await(String part, int times) {
      long end = System.nanoTime() + WITHIN.toNanos();
      synchronized (text) {
        while (text.toString().split(Pattern.quote(part), -1).length <= times) {
          long left = (end - System.nanoTime()) / 1_000_000;
          assertTrue(left > 0, () -> "no " + times + " times " + part + " in " + text);
          try {
            text.wait(left);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        }
      }
    }

    String cursor() {
      synchronized (text) {
        Matcher id = ID.matcher(text);
        assertTrue(id.find(), text::toString);
        return id.group(1);
      }
    }

    List<String> presence() {
      synchronized (text) {
        return EVENT
            .matcher(text)
            .results()
            .map((MatchResult m) -> m.group(1) + ' ' + m.group(2))
            .toList();
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  private static NodeProcess node(String prefix) {
    return node(TestRedis.url(), prefix);
  }

  private static NodeProcess node(String redis, String prefix) {
    return NodeProcess.start(List.of("--port=0", "--redis-url=" + redis, "--prefix=" + prefix));
  }

  /**
   * Seen on a machine with much to do: a leave that was told in such a moment was never heard of.
   */
  @Test
  void whoComesAndGoesJustWhenNodesLoseTheirRedisIsToldOfOnce(@TempDir Path directory)
      throws Exception {
    try (RedisServer redis = RedisServer.start(directory.resolve("redis"), Fsync.NO);
        NodeProcess one = node(redis.url(), "p");
        NodeProcess two = node(redis.url(), "p");
        Client watcher = new Client(one, "presence=true&id=watcher")) {
      Client was = new Client(two, "id=c0");
      watcher.await("\"connection_id\":\"c0\"", 1);
      List<String> expected = new ArrayList<>(List.of("join c0"));
      int count = 0;
      for (String connections : List.of("normal", "pubsub", "normal", "pubsub")) {
        // When one goes and another comes while the connections for commands, or for words, are cut
        redis.command("CLIENT", "KILL", "TYPE", connections, "SKIPME", "yes");
        was.close();
        String leaves = "c" + count++;
        was = new Client(two, "id=c" + count);
        // Then both are told
        watcher.await("\"leave\",\"topic\":\"room\",\"connection_id\":\"" + leaves, 1);
        watcher.await("\"join\",\"topic\":\"room\",\"connection_id\":\"c" + count, 1);
        expected.addAll(List.of("leave " + leaves, "join c" + count));
      }
      // and once
      was.close();
      watcher.await("\"leave\",\"topic\":\"room\",\"connection_id\":\"c" + count, 1);
      expected.add("leave c" + count);
      assertEquals(
          expected.stream().sorted().toList(), watcher.presence().stream().sorted().toList());
    }
  }

  @Test
  void theClientsOfAKilledNodeLeaveOnceUnlessTheyAreElsewhereByThen() throws Exception {
    String prefix = TestRedis.freshPrefix();
    List<AutoCloseable> open = new ArrayList<>();
    try (NodeProcess one = node(prefix);
        NodeProcess two = node(prefix);
        NodeProcess victim = node(prefix)) {
      // Given one who was there before anybody watched, two who join later, and two who watch
      open.add(new Client(victim, "id=before"));
      Client watcher = new Client(one, "presence=true&id=w1");
      Client other = new Client(two, "presence=true&id=w2");
      open.addAll(List.of(watcher, other));
      open.add(new Client(victim, "id=after"));
      Client moving = new Client(victim, "id=moves");
      open.add(moving);
      open.add(new Client(two, "id=stays"));
      watcher.await("\"connection_id\":\"stays\"", 1);
      other.await("\"connection_id\":\"stays\"", 1);
      // When their node is killed and one of them comes back elsewhere
      victim.kill();
      open.add(new Client(two, "id=moves&lastEventId=" + moving.cursor()));
      watcher.await("\"action\":\"leave\"", 2);
      other.await("\"action\":\"leave\"", 2);
      // Then the others have left, once; what comes afterwards shows that nothing else did
      new Client(two, "id=last").close();
      for (Client client : List.of(watcher, other)) {
        client.await("\"connection_id\":\"last\"", 2);
        List<String> presence = client.presence();
        assertEquals(
            List.of("leave after", "leave before", "leave last"),
            presence.stream().filter(p -> p.startsWith("leave")).sorted().toList());
        assertEquals(
            2, presence.stream().filter(p -> p.equals("join moves")).count(), presence::toString);
      }
    } finally {
      for (AutoCloseable client : open) {
        client.close();
      }
    }
  }
}
