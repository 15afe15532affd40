package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.server.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A Redis Cluster: three masters with even shares of the slots, each with a replica. One thread.
 */
final class Cluster implements Store {
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  /** Its node timeout while a master is meant to be replaced. */
  private static final int QUICK_MILLIS = 1_000;

  /** Else: no machine is so busy that a living master seems dead. */
  private static final int PATIENT_MILLIS = 20_000;

  private final List<RedisProcess> servers = new ArrayList<>();
  private final int shards;

  private Cluster(int shards) {
    this.shards = shards;
  }

  static Cluster start(Path work, int shards) throws IOException, InterruptedException {
    Cluster cluster = new Cluster(shards);
    try {
      cluster.launch(work);
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private void launch(Path work) throws IOException, InterruptedException {
    List<Integer> buses = new ArrayList<>();
    for (int i = 0; i < 2 * MASTERS; i++) {
      buses.add(Child.freePort());
      List<String> settings = new ArrayList<>(List.of("--cluster-enabled", "yes"));
      settings.addAll(List.of("--cluster-port", String.valueOf(buses.get(i))));
      settings.addAll(List.of("--cluster-node-timeout", String.valueOf(PATIENT_MILLIS)));
      settings.addAll(List.of("--repl-diskless-sync-delay", "0"));
      servers.add(new RedisProcess(work, "redis-" + (i + 1), settings));
      servers.get(i).call("CLUSTER", "SET-CONFIG-EPOCH", String.valueOf(i + 1));
    }
    for (int i = 0; i < MASTERS; i++) {
      String first = String.valueOf(i * SLOTS / MASTERS);
      String last = String.valueOf((i + 1) * SLOTS / MASTERS - 1);
      servers.get(i).call("CLUSTER", "ADDSLOTSRANGE", first, last);
    }
    Scene.await("the Cluster's nodes know each other", () -> introduced(buses));
    for (int i = 0; i < MASTERS; i++) {
      servers.get(i + MASTERS).call("CLUSTER", "REPLICATE", id(servers.get(i)));
    }
    awaitSettled();
  }

  /** Whether each knows the name of each; who is only being met is counted, but has none yet. */
  private boolean introduced(List<Integer> buses) throws IOException {
    List<String> known = new ArrayList<>();
    for (RedisProcess server : servers) {
      known.add(String.valueOf(server.call("CLUSTER", "NODES")));
    }
    boolean all = true;
    for (int i = 0; i < servers.size(); i++) {
      String id = id(servers.get(i));
      all &= known.stream().allMatch(names -> names.contains(id));
      if (!known.get(0).contains(id)) {
        String port = String.valueOf(servers.get(i).port());
        servers.get(0).call("CLUSTER", "MEET", "127.0.0.1", port, String.valueOf(buses.get(i)));
      }
    }
    return all;
  }

  private void awaitEverywhere(String words) throws IOException, InterruptedException {
    Scene.await(
        "the Cluster's nodes say " + words,
        () -> {
          for (RedisProcess server : servers) {
            if (!String.valueOf(server.call("CLUSTER", "INFO")).contains(words)) {
              return false;
            }
          }
          return true;
        });
  }

  /** Waits until every slot is served and every master has a replica that has caught up. */
  void awaitSettled() throws IOException, InterruptedException {
    awaitEverywhere("cluster_state:ok");
    Scene.await(
        "every master has its replica",
        () -> {
          Set<RedisProcess> replicated = new HashSet<>();
          for (RedisProcess server : servers) {
            for (RedisProcess master : servers) {
              if (server.isReplicaOf(master) && master.isMaster()) {
                replicated.add(master);
              }
            }
          }
          return replicated.size() == MASTERS;
        });
  }

  /** The state of the first shard tells where that is, and so on. */
  String stateOf(int shard) throws IOException {
    List<String> states = new ArrayList<>();
    for (RedisProcess server : masters()) {
      states.addAll(server.keys("*:state"));
    }
    states.sort(null);
    if (states.size() != shards) {
      throw new IOException("of " + shards + " shards there are " + states);
    }
    return states.get(shard);
  }

  /** The master that has this key. */
  RedisProcess masterOf(String key) throws IOException {
    for (RedisProcess server : masters()) {
      if (server.keys("*").contains(key)) {
        return server;
      }
    }
    throw new IOException("nobody has " + key);
  }

  /** One master that is not this one. */
  RedisProcess anotherMaster(RedisProcess but, int choice) throws IOException {
    List<RedisProcess> others = new ArrayList<>(masters());
    others.remove(but);
    return others.get(choice % others.size());
  }

  private List<RedisProcess> masters() throws IOException {
    List<RedisProcess> masters = new ArrayList<>();
    for (RedisProcess server : servers) {
      if (server.isMaster()) {
        masters.add(server);
      }
    }
    return masters;
  }

  RedisProcess replicaOf(RedisProcess master) throws IOException {
    for (RedisProcess server : servers) {
      if (server.isReplicaOf(master)) {
        return server;
      }
    }
    throw new IOException("the master at " + master.port() + " has no replica");
  }

  /** Lets them notice, and waits until it has its master's slots, and those who are there know. */
  void awaitMaster(RedisProcess server, RedisProcess gone)
      throws IOException, InterruptedException {
    noticeAfter(QUICK_MILLIS, gone);
    Scene.await(
        "the replica is promoted",
        () -> {
          for (RedisProcess other : servers) {
            if (other != gone
                && !String.valueOf(other.call("CLUSTER", "INFO")).contains("cluster_state:ok")) {
              return false;
            }
          }
          return server.isMaster();
        });
    noticeAfter(PATIENT_MILLIS, gone);
  }

  private void noticeAfter(int millis, RedisProcess gone) throws IOException {
    for (RedisProcess server : servers) {
      if (server != gone) {
        server.call("CONFIG", "SET", "cluster-node-timeout", String.valueOf(millis));
      }
    }
  }

  /** Begins to move the slot of a key. */
  String beginMove(String key, RedisProcess from, RedisProcess to) throws IOException {
    String slot = String.valueOf(from.call("CLUSTER", "KEYSLOT", key));
    to.call("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
    from.call("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    return slot;
  }

  /** Moves a key of the slot, if there is one left. */
  boolean moveOne(String slot, RedisProcess from, RedisProcess to) throws IOException {
    Object keys = from.call("CLUSTER", "GETKEYSINSLOT", slot, "1");
    if (!(keys instanceof List<?> list) || list.isEmpty()) {
      return false;
    }
    String key = String.valueOf(list.get(0));
    from.call("MIGRATE", "127.0.0.1", String.valueOf(to.port()), key, "0", "5000");
    return true;
  }

  /** Gives the slot to its new master. */
  void endMove(String slot, RedisProcess from, RedisProcess to) throws IOException {
    to.call("CLUSTER", "SETSLOT", slot, "NODE", id(to));
    from.call("CLUSTER", "SETSLOT", slot, "NODE", id(to));
  }

  private static String id(RedisProcess server) throws IOException {
    return String.valueOf(server.call("CLUSTER", "MYID"));
  }

  @Override
  public List<String> flags() {
    String url =
        servers.stream()
            .limit(MASTERS)
            .map(server -> "127.0.0.1:" + server.port())
            .collect(Collectors.joining(",", "redis-cluster://", ""));
    return List.of("--redis-url", url, "--shards", String.valueOf(shards));
  }

  @Override
  public Set<String> kept() throws IOException {
    Set<String> kept = new HashSet<>();
    for (RedisProcess server : masters()) {
      kept.addAll(server.kept());
    }
    return kept;
  }

  @Override
  public String epoch() throws IOException {
    Set<String> epochs = new TreeSet<>();
    for (RedisProcess server : masters()) {
      epochs.addAll(server.epochs());
    }
    return epochs.toString();
  }

  @Override
  public void close() {
    servers.forEach(RedisProcess::close);
  }
}
