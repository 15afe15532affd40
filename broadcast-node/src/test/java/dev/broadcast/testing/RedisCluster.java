package dev.broadcast.testing;

import dev.broadcast.testing.RedisServer.Fsync;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A real Redis Cluster on loopback: masters with even shares of the slots, and a replica for each.
 * One thread at a time.
 */
public final class RedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;

  private final List<RedisServer> servers = new ArrayList<>();
  private final int masters;

  private RedisCluster(int masters) {
    this.masters = masters;
  }

  /** Starts it; returns once every slot is served and every replica has caught up. */
  public static RedisCluster start(Path directory, int masters, boolean replicas) {
    var cluster = new RedisCluster(masters);
    try {
      cluster.launch(directory, replicas);
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void launch(Path directory, boolean replicated) {
    int count = replicated ? 2 * masters : masters;
    List<Integer> buses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int bus = Ports.free();
      buses.add(bus);
      servers.add(
          RedisServer.start(
              directory.resolve("node" + i),
              Fsync.NO,
              "--cluster-enabled",
              "yes",
              "--cluster-port",
              Integer.toString(bus),
              "--cluster-node-timeout",
              replicated ? "1000" : "15000", // where nobody can take over, a pause is no failure
              "--repl-diskless-sync-delay",
              "0",
              "--cluster-config-file",
              "nodes.conf"));
    }
    for (int i = 0; i < count; i++) {
      servers.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
    }
    for (int i = 0; i < masters; i++) {
      String first = Integer.toString(i * SLOTS / masters);
      String last = Integer.toString((i + 1) * SLOTS / masters - 1);
      servers.get(i).command("CLUSTER", "ADDSLOTSRANGE", first, last);
    }
    for (int i = 1; i < count; i++) {
      String port = Integer.toString(servers.get(i).port());
      servers.get(0).command("CLUSTER", "MEET", "127.0.0.1", port, Integer.toString(buses.get(i)));
    }
    await(() -> servers.stream().allMatch(s -> info(s).contains("cluster_known_nodes:" + count)));
    for (int i = masters; i < count; i++) {
      servers.get(i).command("CLUSTER", "REPLICATE", id(servers.get(i - masters)));
    }
    await(() -> servers.stream().allMatch(s -> info(s).contains("cluster_state:ok")));
    await(
        () ->
            servers.stream()
                .skip(masters)
                .allMatch(
                    s ->
                        String.valueOf(s.command("INFO", "replication"))
                            .contains("master_link_status:up")));
  }

  /** {@code redis-cluster://} with every node. */
  public String url() {
    return servers.stream()
        .map(server -> "127.0.0.1:" + server.port())
        .collect(Collectors.joining(",", "redis-cluster://", ""));
  }

  /** Masters first. */
  public List<RedisServer> servers() {
    return servers;
  }

  /** The master that serves the slot of the key. */
  public RedisServer masterOf(String key) {
    long slot = slot(key);
    for (RedisServer server : servers) {
      if (serves(server, slot)) {
        return server;
      }
    }
    throw new IllegalStateException("nobody serves slot " + slot);
  }

  /** Its slot, by Redis itself. */
  public long slot(String key) {
    return (Long) servers.get(masters - 1).command("CLUSTER", "KEYSLOT", key);
  }

  private static boolean serves(RedisServer server, long slot) {
    Matcher mine =
        Pattern.compile("(?m)^.*myself,master.*$").matcher(text(server, "CLUSTER", "NODES"));
    if (!mine.find()) {
      return false;
    }
    String[] words = mine.group().split(" ", -1);
    for (int i = 8; i < words.length; i++) {
      if (words[i].matches("\\d+(-\\d+)?")) {
        String[] range = words[i].split("-", -1);
        if (Long.parseLong(range[0]) <= slot && slot <= Long.parseLong(range[range.length - 1])) {
          return true;
        }
      }
    }
    return false;
  }

  /** Moves a slot with all its keys, as {@code redis-cli --cluster reshard} does. */
  public void move(long slot, RedisServer from, RedisServer to) {
    String number = Long.toString(slot);
    to.command("CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
    from.command("CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
    while (true) {
      var keys = (List<?>) from.command("CLUSTER", "GETKEYSINSLOT", number, "10");
      if (keys == null || keys.isEmpty()) {
        break;
      }
      List<String> migrate = new ArrayList<>(List.of("MIGRATE", "127.0.0.1"));
      migrate.addAll(List.of(Integer.toString(to.port()), "", "0", "5000", "KEYS"));
      keys.forEach(key -> migrate.add(String.valueOf(key)));
      from.command(migrate.toArray(String[]::new));
    }
    for (RedisServer server : List.of(to, from)) {
      server.command("CLUSTER", "SETSLOT", number, "NODE", id(to));
    }
  }

  private static String id(RedisServer server) {
    return text(server, "CLUSTER", "MYID");
  }

  private static String info(RedisServer server) {
    return text(server, "CLUSTER", "INFO");
  }

  private static String text(RedisServer server, String... command) {
    return String.valueOf(server.command(command));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the Cluster does not come together");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
  }

  @Override
  public void close() {
    servers.forEach(RedisServer::close);
  }
}
