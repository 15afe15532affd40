package dev.broadcast.loadtest.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All faults. */
final class Catalogue {
  private Catalogue() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>();
    all.addAll(RedisFaults.all());
    all.addAll(RedisSettingFaults.all());
    all.addAll(besideRedis(Shape.SERVER));
    all.addAll(SentinelFaults.all());
    all.addAll(ClusterFaults.all());
    return List.copyOf(all);
  }

  /** Those that leave the Redis process alone: they can happen beside one that does not. */
  static List<Fault> besideRedis(Shape shape) {
    List<Fault> all = new ArrayList<>();
    all.addAll(NodeFaults.all());
    if (shape == Shape.SERVER) {
      all.addAll(NetworkFaults.toRedis());
    }
    all.addAll(NetworkFaults.toClients());
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
