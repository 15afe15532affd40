package dev.broadcast.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.testing.Http;
import dev.broadcast.testing.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The line of rights in {@code docs/redis.md}, read from there: whole nodes do all that they can
 * and Redis refuses nothing, and without any one of the rights it refuses something.
 */
@Timeout(180)
class RedisRightsTest {
  private static final Pattern LINE = Pattern.compile("```text\\n(ACL SETUSER [^`]+)```");
  private static final String PASSWORD = "top-secret";

  /** Beyond what a shard remembers one by one, of topics and of idempotency keys. */
  private static final String CROWD =
      """
      local epoch = redis.call('HGET', KEYS[1], 'epoch')
      local time = redis.call('TIME')
      local millis = time[1] * 1000 + math.floor(time[2] / 1000)
      local tag = string.match(KEYS[1], '^(.*)state$')
      for i = 1, 100500 do
        redis.call('HSET', KEYS[1], 't:crowd' .. i, '0')
        redis.call('HSET', tag .. epoch .. ':keys', 'k' .. i, 'content g 1 ' .. string.format('%d', millis))
        redis.call('RPUSH', tag .. epoch .. ':keys-by-age', string.format('%d', millis) .. ' k' .. i)
      end
      return redis.call('HLEN', KEYS[1])
      """;

  @TempDir Path directory;
  private final AtomicInteger round = new AtomicInteger();
  private RedisServer redis;
  private List<String> rights;
  private TestCluster nodes;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.start(directory.resolve("redis"), RedisServer.Fsync.NO);
    rights = documented();
    allow();
    nodes = cluster(2);
  }

  @AfterEach
  void stop() {
    nodes.close();
    redis.close();
  }

  private static List<String> documented() throws Exception {
    Path docs = Path.of(System.getProperty("basedir", ".")).resolve("../docs/redis.md");
    Matcher line = LINE.matcher(Files.readString(docs, UTF_8));
    assertTrue(line.find(), "the line in " + docs);
    List<String> words = new ArrayList<>(List.of(line.group(1).strip().split("\\s+")));
    assertEquals(
        List.of("ACL", "SETUSER", "broadcast", "on", ">PASSWORD"), words.subList(0, 5), "its head");
    return words.subList(5, words.size());
  }

  private void allow() {
    List<String> line = new ArrayList<>(List.of("ACL", "SETUSER", "broadcast", "on"));
    line.add(">" + PASSWORD);
    line.addAll(rights);
    redis.command(line.toArray(String[]::new));
  }

  private TestCluster cluster(int count) {
    return TestCluster.onRedis(
        redis.url(),
        "broadcast",
        count,
        List.of("--redis-user=broadcast", "--redis-password=" + PASSWORD, "--history-size=10"));
  }

  /** What a node can be asked for that reaches Redis. */
  private void useAll() {
    int n = round.incrementAndGet();
    FrontNode one = nodes.node(0);
    FrontNode other = nodes.node(1);
    String topic = "topic" + n;
    one.publishMany(topic, "m", 40);
    String keyed = Http.toJson(Map.of("topic", topic, "data", "keyed"));
    String[] key = {"Content-Type", "application/json", "Idempotency-Key", "key" + n};
    String id = one.call("POST", "/events", keyed, key).json().path("id").asText();
    assertEquals(id, other.call("POST", "/events", keyed, key).json().path("id").asText());
    String given = "topic=" + topic + "&id=given" + n;
    try (OpenStream first = one.listen(given, "earliest");
        OpenStream again = other.listen(given, keyedSeen(first).cursor())) {
      await(first, "its end", OpenStream::ended);
      assertEquals(
          1,
          one.post("/events?receipt=5s", Map.of("topic", topic, "data", "asked"))
              .json()
              .path("clients")
              .asInt(),
          "receipt");
      await(again, "asked", s -> s.data().contains("asked"));
      one.post("/connections/given" + n + "/events", Map.of("data", "to one"));
      await(again, "to one", s -> s.data().contains("to one"));
      assertTrue(
          one.get("/connections?topic=" + topic).text().contains("given" + n), "the registry");
      assertTrue(one.get("/topics?figures=true").text().contains("\"kept\":10"), "the figures");
      assertEquals(204, one.call("DELETE", "/connections/given" + n, "").status());
      await(again, "its end", OpenStream::ended);
    }
    String ticket = one.post("/tickets", Map.of()).json().path("ticket").asText();
    try (OpenStream redeemed = other.listen("topic=" + topic + "&ticket=" + ticket)) {
      await(redeemed, "connected", s -> !s.ofType("connected").isEmpty());
    }
    assertEquals(200, one.call("PUT", "/event-types/type" + n, "").status());
    assertEquals(10, other.history("topic=" + topic).size());
    assertEquals(2, one.status().path("nodes").asInt());
    assertEquals(204, one.clear(topic).status());
    other.publish(topic, "after all");
  }

  private static OpenStream keyedSeen(OpenStream stream) {
    return await(stream, "keyed", s -> s.data().contains("keyed"));
  }

  /** Not for long: without a right much does not come. */
  private static OpenStream await(OpenStream stream, String what, Predicate<OpenStream> condition) {
    return stream.await(what, Duration.ofSeconds(3), condition);
  }

  private List<?> refused() {
    return (List<?>) redis.command("ACL", "LOG");
  }

  @Test
  void areEnoughForAllThatNodesDo() {
    useAll();
    TestCluster third = cluster(1);
    third.close();
    assertEquals(List.of(), refused());
    // An epoch begins, scripts are sent again, all connections are made anew.
    redis.restartEmpty();
    allow();
    redis.command("ACL", "LOG", "RESET"); // whoever came before the user was there again
    nodes.nodes().forEach(node -> node.awaitReady(Duration.ofSeconds(15)));
    useAll();
    crowd();
    useAll();

    assertEquals(List.of(), refused());
  }

  @Test
  void areAllNeeded() throws InterruptedException {
    crowd();
    useAll();
    AtomicBoolean over = new AtomicBoolean();
    Thread user = new Thread(() -> useUntil(over), "user");
    user.start();
    try {
      for (String right : rights) {
        String what = right.startsWith("+") ? right.substring(1) : "";
        redis.command("ACL", "LOG", "RESET");
        redis.command("ACL", "SETUSER", "broadcast", without(right));
        redis.command("SCRIPT", "FLUSH");
        redis.command("CLIENT", "KILL", "USER", "broadcast");
        Await.until(
            "something that needs " + right,
            Duration.ofSeconds(20),
            () -> refused().stream().anyMatch(entry -> names((List<?>) entry, right, what)));
        allow();
      }
    } finally {
      over.set(true);
      user.join();
    }
    // With all of them again, all goes again.
    redis.command("CLIENT", "KILL", "USER", "broadcast");
    nodes.nodes().forEach(node -> node.awaitReady(Duration.ofSeconds(15)));
    useAll();
  }

  @Test
  void whatRedisRefusesMeanwhileIsAPassingFaultOfItsOwn() {
    FrontNode node = nodes.node(0);
    node.publish("topic", "message");
    redis.command("ACL", "SETUSER", "broadcast", "-xrange", "-xrevrange");

    Http.Answer answer = node.get("/history?topic=topic");

    assertEquals(503, answer.status(), answer.text());
    assertFalse(answer.header("Retry-After").isEmpty());
  }

  private static String without(String right) {
    return switch (right.charAt(0)) {
      case '~' -> "resetkeys";
      case '&' -> "resetchannels";
      default -> "-" + right.substring(1);
    };
  }

  private static boolean names(List<?> entry, String right, String command) {
    String reason = String.valueOf(entry.get(entry.indexOf("reason") + 1));
    return switch (right.charAt(0)) {
      case '~' -> reason.equals("key");
      case '&' -> reason.equals("channel");
      default ->
          reason.equals("command")
              && String.valueOf(entry.get(entry.indexOf("object") + 1)).equals(command);
    };
  }

  private void useUntil(AtomicBoolean over) {
    while (!over.get()) {
      try {
        useAll();
      } catch (RuntimeException | AssertionError e) {
        // That is what is to be seen, in Redis' log.
      }
    }
  }

  private void crowd() {
    Object topics = redis.command("EVAL", CROWD, "1", "broadcast{broadcast:0}:state");
    assertFalse(topics == null || (Long) topics < 100_500, "topics: " + topics);
  }
}
