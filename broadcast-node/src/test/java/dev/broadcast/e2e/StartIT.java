package dev.broadcast.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.Ports;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the program says and does when it starts. */
@Timeout(120)
class StartIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ARCHIVED = "dev.broadcast.node.BroadcastNode source: shared objects";

  @TempDir Path directory;

  @Test
  void printsWhereItListensAndWhatToDoNextAndNothingElse() throws Exception {
    try (var node = NodeProcess.launch(List.of(), List.of("--port", "0"))) {
      String lines = lines(node.uri());
      node.awaitOutput(Pattern.compile("/events\n"), SOON);
      assertEquals(lines, node.output());
      Http http = new Http("");
      assertEquals(200, http.post(node.uri(), "/events", Map.of("data", "x"), Map.of()).status());
      assertEquals(200, http.get(node.uri(), "/metrics").status());
      node.terminate();
      assertEquals(0, node.awaitExit(SOON));
      assertEquals(lines, node.output());
    }
  }

  private static String lines(URI node) {
    return "listening on %s\nopen %s in a browser, or listen with: curl -N %s/events\n"
        .formatted(node, node, node);
  }

  @Test
  void withoutItsRedisItSaysWhatToDo() {
    String nobody = "redis://127.0.0.1:" + Ports.free();
    try (var node = NodeProcess.launch(List.of("--port", "0", "--redis-url", nobody))) {
      node.uri();
      assertTrue(node.output().contains("start it (redis-server), or correct --redis-url"));
    }
  }

  /** As {@code ./broadcast} does it. */
  @Test
  void aRehearsalMakesAnArchiveFromWhichTheNextStartTakesItsClasses() throws Exception {
    Path archive = directory.resolve("node.jsa");
    List<String> rehearsal =
        List.of(
            "-XX:+UseG1GC",
            "-Xlog:cds*=off",
            "-XX:ArchiveClassesAtExit=" + archive,
            "-Dbroadcast.rehearsal=true");
    try (var node = NodeProcess.launch(rehearsal, List.of())) {
      assertEquals(0, node.awaitExit(Duration.ofSeconds(60)), node.output());
      assertEquals("", node.output());
    }
    Path classes = directory.resolve("classes.log");
    List<String> fromArchive =
        List.of(
            "-XX:+UseG1GC",
            "-XX:SharedArchiveFile=" + archive,
            "-Xlog:cds*=off",
            "-Xlog:class+load=info:file=" + classes);
    try (var node = NodeProcess.launch(fromArchive, List.of("--port", "0"))) {
      node.awaitOutput(Pattern.compile("/events\n"), SOON);
      assertEquals(lines(node.uri()), node.output());
      assertTrue(Files.readString(classes).contains(ARCHIVED), "the archive was not used");
    }
  }

  @Test
  void aPortThatIsTakenIsOneLineThatNamesTheFlag() {
    try (var first = NodeProcess.start(List.of("--port", "0"))) {
      String port = Integer.toString(first.uri().getPort());
      for (String flag : List.of("--port", "--management-port")) {
        List<String> flags =
            flag.equals("--port") ? List.of(flag, port) : List.of("--port", "0", flag, port);
        try (var second = NodeProcess.launch(flags)) {
          assertNotEquals(0, second.awaitExit(SOON));
          assertEquals(1, second.output().lines().count(), second.output());
          assertTrue(second.output().startsWith("broadcast: " + flag + ": "), second.output());
        }
      }
    }
  }

  @Test
  void aRedisAddressThatIsNoneIsOneLineThatNamesTheFlag() {
    for (String url : List.of("redis://", "redis://a:b:c", "redis://user:secret@", "tcp://x")) {
      try (var node = NodeProcess.launch(List.of("--port", "0", "--redis-url", url))) {
        assertEquals(2, node.awaitExit(SOON), node.output());
        assertEquals(1, node.output().lines().count(), node.output());
        assertTrue(node.output().startsWith("broadcast: --redis-url: "), node.output());
        assertTrue(!node.output().contains("secret"), node.output());
      }
    }
  }

  @Test
  void aRedisThatItCanNeverWorkWithIsOneLineThatNamesTheFlag() {
    try (var redis =
        RedisServer.start(directory.resolve("redis"), Fsync.NO, "--requirepass", "right")) {
      List<String> flags =
          List.of("--port=0", "--redis-url=" + redis.url(), "--redis-password=secret");
      try (var node = NodeProcess.launch(flags)) {
        assertEquals(1, node.awaitExit(SOON), node.output());
        assertEquals(1, node.output().lines().count(), node.output());
        assertTrue(node.output().startsWith("broadcast: --redis-password: "), node.output());
        assertTrue(!node.output().contains("secret"), node.output());
      }
    }
  }

  @Test
  void aRedisThatComesLaterAndCanNeverBeWorkedWithIsNamedInTheLog() {
    // Given a node that was started before its Redis
    try (var redis =
        RedisServer.start(directory.resolve("redis"), Fsync.NO, "--requirepass", "right")) {
      redis.kill();
      List<String> flags =
          List.of("--port=0", "--redis-url=" + redis.url(), "--redis-password=secret");
      try (var node = NodeProcess.launch(flags)) {
        node.awaitOutput(Pattern.compile("level=warn .*Redis is not reached"), SOON);
        node.awaitOutput(Pattern.compile("/events\n"), SOON);
        // When that comes and has another password
        redis.restart();
        // Then it says what is wrong, and does not end
        node.awaitOutput(
            Pattern.compile("level=error .*this node cannot work here: --redis-password"), SOON);
        assertTrue(node.output().lines().filter(line -> line.contains("level=error")).count() == 1);
        assertTrue(!node.output().contains("secret"), node.output());
      }
    }
  }
}
