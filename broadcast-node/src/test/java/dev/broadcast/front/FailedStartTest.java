package dev.broadcast.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.broadcast.node.BroadcastNode;
import dev.broadcast.node.ops.SettingsReader;
import dev.broadcast.testing.RedisServer;
import dev.broadcast.testing.RedisServer.Fsync;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that cannot start leaves nothing behind: no place in the cluster, no connection. */
class FailedStartTest {
  private static final String NODES = "failing{failing:0}:nodes";

  @TempDir Path directory;
  private RedisServer redis;

  @BeforeEach
  void startRedis() {
    redis = RedisServer.start(directory.resolve("redis"), Fsync.NO);
  }

  @AfterEach
  void end() {
    redis.close();
  }

  @Test
  void aNodeWhosePortIsTakenLeavesTheCluster() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var settings = SettingsReader.of(false, flags("--port=" + taken.getLocalPort()));

      assertFails(BroadcastNode.start(settings, why -> {}));

      assertEquals(0L, redis.command("HLEN", NODES));
      assertNobodyIsConnected();
    }
  }

  @Test
  void aNodeThatMustNotBeMountedLetsRedisGo() {
    Vertx vertx = Vertx.vertx();
    try {
      BroadcastNode first = BroadcastNode.mount(vertx, Router.router(vertx), "", flags()).join();
      first.stop().join();

      // What the first one wrote says that there is one shard.
      assertFails(BroadcastNode.mount(vertx, Router.router(vertx), "", flags("--shards=2")));

      assertNobodyIsConnected();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private String[] flags(String... more) {
    String[] flags = new String[more.length + 3];
    flags[0] = "--redis-url=" + redis.url();
    flags[1] = "--prefix=failing";
    flags[2] = "--drain=100ms";
    System.arraycopy(more, 0, flags, 3, more.length);
    return flags;
  }

  private static void assertFails(CompletableFuture<BroadcastNode> starting) {
    assertThrows(CompletionException.class, () -> starting.orTimeout(20, TimeUnit.SECONDS).join());
  }

  private void assertNobodyIsConnected() {
    Await.until(
        "only the question's own connection",
        Duration.ofSeconds(5),
        () -> String.valueOf(redis.command("CLIENT", "LIST")).lines().count() == 1);
  }
}
