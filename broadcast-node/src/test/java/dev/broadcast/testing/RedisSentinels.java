package dev.broadcast.testing;

import dev.broadcast.testing.RedisServer.Fsync;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** A master, a replica and three sentinels that watch them, on loopback. One thread at a time. */
public final class RedisSentinels implements AutoCloseable {
  /** What the sentinels call the master. */
  public static final String NAME = "mymaster";

  private final List<Process> sentinels = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final String password;
  private final RedisServer master;
  private final RedisServer replica;

  private RedisSentinels(RedisServer master, RedisServer replica, String password) {
    this.password = password;
    this.master = master;
    this.replica = replica;
  }

  /** Starts them; returns once the sentinels know each other and the replica. */
  public static RedisSentinels start(Path directory) {
    return start(directory, "");
  }

  /**
   * The same.
   *
   * @param password what the sentinels ask for, and of each other; empty for nothing
   */
  public static RedisSentinels start(Path directory, String password) {
    RedisServer master = RedisServer.start(directory.resolve("one"), Fsync.NO);
    RedisServer replica =
        RedisServer.start(
            directory.resolve("two"),
            Fsync.NO,
            "--replicaof",
            "127.0.0.1 " + master.port(),
            "--repl-diskless-sync-delay",
            "0");
    var all = new RedisSentinels(master, replica, password);
    try {
      all.watch(directory);
      return all;
    } catch (IOException e) {
      all.close();
      throw new UncheckedIOException(e);
    }
  }

  private void watch(Path directory) throws IOException {
    await("replica", () -> text(replica.port(), "INFO", "replication").contains("status:up"));
    for (int i = 0; i < 3; i++) {
      int port = Ports.free();
      Path home = Files.createDirectories(directory.resolve("sentinel" + i));
      Path settings =
          Files.writeString(
              home.resolve("sentinel.conf"),
              String.join(
                  "\n",
                  "port " + port,
                  "bind 127.0.0.1",
                  "dir " + home,
                  "sentinel monitor " + NAME + " 127.0.0.1 " + master.port() + " 2",
                  "sentinel down-after-milliseconds " + NAME + " 1000",
                  "sentinel failover-timeout " + NAME + " 3000",
                  password.isEmpty() ? "" : "requirepass " + password,
                  password.isEmpty() ? "" : "sentinel sentinel-pass " + password,
                  ""));
      ports.add(port);
      sentinels.add(
          new ProcessBuilder(RedisBinary.find().toString(), settings.toString(), "--sentinel")
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("log").toFile())
              .start());
    }
    for (int port : ports) {
      await(
          "sentinels",
          () -> {
            String known = text(port, "SENTINEL", "MASTER", NAME);
            return known.contains("num-slaves, 1") && known.contains("num-other-sentinels, 2");
          });
    }
  }

  /** {@code redis-sentinel://} with all of them and the master's name. */
  public String url() {
    return ports.stream()
        .map(port -> "127.0.0.1:" + port)
        .collect(Collectors.joining(",", "redis-sentinel://", "?master=" + NAME));
  }

  /** The one that was master first. */
  public RedisServer first() {
    return master;
  }

  /** The one that was replica first. */
  public RedisServer second() {
    return replica;
  }

  /** Makes the sentinels promote the replica although nothing is wrong. */
  public void failOver() {
    text(ports.get(0), "SENTINEL", "FAILOVER", NAME);
  }

  private String text(int port, String... command) {
    try (var connection = new RespConnection("127.0.0.1", port, Duration.ofSeconds(5))) {
      if (!password.isEmpty() && ports.contains(port)) {
        connection.call("AUTH", password);
      }
      return String.valueOf(connection.call(command));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void await(String what, java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not in time: " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Override
  public void close() {
    sentinels.forEach(Process::destroyForcibly);
    master.close();
    replica.close();
  }
}
