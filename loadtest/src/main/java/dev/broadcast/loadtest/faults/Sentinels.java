package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.server.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A master, its replicas, and three sentinels that make one of these the next. One thread. */
final class Sentinels implements Store {
  private static final String NAME = "broadcast";

  /** While one is meant to be replaced. */
  private static final int QUICK_MILLIS = 1_000;

  /**
   * Else: on a busy machine a living master was silent for a second, and the one that had just come
   * back, with what it had when it died, was made master again.
   */
  private static final int PATIENT_MILLIS = 20_000;

  private final List<RedisProcess> servers = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final List<Child> sentinels = new ArrayList<>();
  private final List<String> flags;

  private Sentinels(List<String> flags) {
    this.flags = flags;
  }

  /**
   * Starts them.
   *
   * @param flags of nodes, beyond the way to Redis
   */
  static Sentinels start(Path work, int replicas, List<String> flags)
      throws IOException, InterruptedException {
    Sentinels all = new Sentinels(flags);
    try {
      all.launch(work, replicas);
      return all;
    } catch (IOException | InterruptedException | RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private void launch(Path work, int replicas) throws IOException, InterruptedException {
    List<String> settings = List.of("--repl-diskless-sync-delay", "0");
    RedisProcess first = new RedisProcess(work, "redis-1", settings);
    servers.add(first);
    for (int i = 1; i <= replicas; i++) {
      RedisProcess replica = new RedisProcess(work, "redis-" + (i + 1), settings);
      servers.add(replica);
      replica.call("REPLICAOF", "127.0.0.1", String.valueOf(first.port()));
      Scene.await("a replica has caught up", () -> replica.isReplicaOf(first));
    }
    for (int i = 1; i <= 3; i++) {
      sentinels.add(sentinel(work, i, first.port()));
    }
    awaitSettled();
  }

  private Child sentinel(Path work, int number, int master) throws IOException {
    int port = Child.freePort();
    Path home = Files.createDirectories(work.resolve("sentinel-" + number));
    Path settings =
        Files.writeString(
            home.resolve("sentinel.conf"),
            String.join(
                "\n",
                "port " + port,
                "bind 127.0.0.1",
                "dir " + home,
                "sentinel monitor " + NAME + " 127.0.0.1 " + master + " 2",
                "sentinel down-after-milliseconds " + NAME + " " + PATIENT_MILLIS,
                "sentinel failover-timeout " + NAME + " 3000",
                ""));
    ports.add(port);
    Child child =
        Child.start(
            "sentinel-" + number, List.of("redis-server", settings.toString(), "--sentinel"), work);
    child.awaitPort(port);
    return child;
  }

  RedisProcess master() throws IOException {
    return agreed().orElseThrow(() -> new IOException("the sentinels do not agree on a master"));
  }

  private Optional<RedisProcess> agreed() throws IOException {
    for (RedisProcess server : servers) {
      if (isMaster(server)) {
        return Optional.of(server);
      }
    }
    return Optional.empty();
  }

  /** Of that master. */
  List<RedisProcess> replicas(RedisProcess master) {
    return servers.stream().filter(server -> server != master).toList();
  }

  /** Makes the sentinels promote a replica although nothing is wrong. */
  void failOver() throws IOException {
    ask(ports.get(0), "SENTINEL", "FAILOVER", NAME);
  }

  /** Lets the sentinels notice, and waits until another is master for itself and all of them. */
  void awaitAnotherThan(RedisProcess old) throws IOException, InterruptedException {
    noticeAfter(QUICK_MILLIS);
    Scene.await(
        "a replica is promoted",
        () -> {
          for (RedisProcess server : replicas(old)) {
            if (server.isMaster() && isMaster(server)) {
              return true;
            }
          }
          return false;
        });
    noticeAfter(PATIENT_MILLIS);
  }

  private void noticeAfter(int millis) throws IOException {
    for (int port : ports) {
      ask(port, "SENTINEL", "SET", NAME, "down-after-milliseconds", String.valueOf(millis));
    }
  }

  /** Waits until the next failover could succeed. */
  void awaitSettled() throws IOException, InterruptedException {
    Scene.await(
        "master, replicas and sentinels know each other",
        () -> {
          String replicas = "num-slaves, " + (servers.size() - 1) + ",";
          for (int port : ports) {
            String known = ask(port, "SENTINEL", "MASTER", NAME);
            if (!known.contains("flags, master,")
                || !known.contains(replicas)
                || !known.contains("num-other-sentinels, 2,")
                || ask(port, "SENTINEL", "REPLICAS", NAME).contains("s_down")) {
              return false;
            }
          }
          RedisProcess master = agreed().orElse(null);
          return master != null
              && replicas(master).stream().allMatch(replica -> replica.isReplicaOf(master));
        });
  }

  private boolean isMaster(RedisProcess server) throws IOException {
    for (int port : ports) {
      String address = ask(port, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
      if (!address.equals("[127.0.0.1, " + server.port() + "]")) {
        return false;
      }
    }
    return true;
  }

  private static String ask(int port, String... command) throws IOException {
    try (Resp resp = new Resp(port)) {
      return String.valueOf(resp.call(command));
    }
  }

  @Override
  public List<String> flags() {
    List<String> all = new ArrayList<>(flags);
    all.add("--redis-url");
    all.add(
        ports.stream()
            .map(port -> "127.0.0.1:" + port)
            .collect(Collectors.joining(",", "redis-sentinel://", "?master=" + NAME)));
    return all;
  }

  @Override
  public Set<String> kept() throws IOException {
    return master().kept();
  }

  @Override
  public String epoch() throws IOException {
    return master().epoch();
  }

  @Override
  public void close() {
    sentinels.forEach(Child::close);
    servers.forEach(RedisProcess::close);
  }
}
