package dev.broadcast.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests' own Redis does what the fault tests rely on. */
class RedisServerTest {

  @TempDir Path directory;

  @Test
  void keepsItsDataOverAKillLosesItWhenEmptiedAndGoesBackInTime() {
    try (var redis = start()) {
      redis.command("SET", "a", "1");
      Path before = redis.copyData();
      redis.command("SET", "a", "2");
      int port = redis.port();

      redis.kill();
      redis.restart();
      assertEquals("2", redis.command("GET", "a"));

      redis.restartFrom(before);
      assertEquals("1", redis.command("GET", "a"));

      redis.restartEmpty();
      assertNull(redis.command("GET", "a"));
      assertEquals(port, redis.port());
    }
  }

  @Test
  void answersNothingWhilePaused() throws IOException {
    try (var redis = start()) {
      redis.pause();
      try (var connection = new RespConnection("127.0.0.1", redis.port(), Duration.ofMillis(200))) {
        assertThrows(IOException.class, () -> connection.call("PING"));
      }
      redis.resume();
      assertEquals("PONG", redis.command("PING"));
    }
  }

  @Test
  void cutsPubSubConnectionsAndNoOther() throws IOException {
    try (var redis = start();
        var subscriber = connect(redis);
        var other = connect(redis)) {
      assertEquals(List.of("subscribe", "c", 1L), subscriber.call("SUBSCRIBE", "c"));
      assertEquals(1, redis.killPubSub());
      assertThrows(IOException.class, () -> subscriber.call("PING"));
      assertEquals("PONG", other.call("PING"));
    }
  }

  @Test
  void sharedRedisIsThere() throws IOException {
    URI shared = URI.create(TestRedis.url());
    try (var connection =
        new RespConnection(shared.getHost(), shared.getPort(), Duration.ofSeconds(5))) {
      assertEquals("PONG", connection.call("PING"));
    } catch (RespConnection.RedisError e) {
      // A Redis with a password is one, too.
      assertEquals("NOAUTH", e.getMessage().split(" ", 2)[0]);
    }
  }

  private RedisServer start() {
    return RedisServer.start(directory.resolve("data"), RedisServer.Fsync.ALWAYS);
  }

  private static RespConnection connect(RedisServer redis) throws IOException {
    return new RespConnection("127.0.0.1", redis.port(), Duration.ofSeconds(5));
  }
}
