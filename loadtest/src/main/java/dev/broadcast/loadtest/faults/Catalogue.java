package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All faults.
 *
 * <p>Here belong, once nodes can be given a Sentinel or a Redis Cluster: a failover to a replica
 * that lags ({@link Loss#TAIL}), and a cluster's master that is killed. They need a {@link Scene}
 * with another Redis; everything else, the judge included, stays as it is.
 */
final class Catalogue {
  private Catalogue() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>();
    all.addAll(RedisFaults.all());
    all.addAll(RedisSettingFaults.all());
    all.addAll(besideRedis());
    return List.copyOf(all);
  }

  /** Those that leave the Redis process alone: they can happen beside one that does not. */
  static List<Fault> besideRedis() {
    List<Fault> all = new ArrayList<>();
    all.addAll(NodeFaults.all());
    all.addAll(NetworkFaults.all());
    all.addAll(ClientFaults.all());
    return List.copyOf(all);
  }

  static Optional<Fault> named(String name) {
    return all().stream().filter(fault -> fault.name().equals(name)).findFirst();
  }

  /** What a fault needs that this machine lacks. */
  static Optional<String> missing(Fault fault) {
    return fault.name().equals("node-clock") && NodeFaults.faketime().isEmpty()
        ? Optional.of("libfaketime (Debian: apt install libfaketime)")
        : Optional.empty();
  }
}
