package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * This project's node, as it is packaged, alone or over Redis servers that are started with it.
 *
 * @param redisServers how many; 0 is the in-process backplane
 * @param shards over how many its topics are spread
 */
record BroadcastNode(int redisServers, int shards) implements ServerUnderTest {
  static BroadcastNode inProcess() {
    return new BroadcastNode(0, 1);
  }

  static BroadcastNode onRedis(int servers, int shards) {
    return new BroadcastNode(servers, shards);
  }

  @Override
  public String name() {
    if (redisServers == 0) {
      return "broadcast";
    }
    return redisServers == 1
        ? "broadcast-redis" + (shards == 1 ? "" : "-" + shards)
        : "broadcast-" + redisServers + "-redis";
  }

  @Override
  public String description() {
    if (redisServers == 0) {
      return "this node, in-process backplane";
    }
    return "this node over "
        + (redisServers == 1 ? "Redis" : redisServers + " Redis servers")
        + (shards == 1 ? "" : ", " + shards + " shards");
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  @Override
  public Optional<Ability> only() {
    return shards == 1 ? Optional.empty() : Optional.of(Ability.SHARDS);
  }

  @Override
  public Optional<String> missing(Surroundings surroundings) {
    if (!Files.exists(surroundings.nodeJar())) {
      return Optional.of(surroundings.nodeJar() + " (mvn -pl broadcast-node -am package)");
    }
    return redisServers > 0 ? RedisServer.missing() : Optional.empty();
  }

  @Override
  public RunningServer start(Surroundings surroundings) throws IOException {
    List<RedisServer> redis = new ArrayList<>();
    try {
      for (int i = 0; i < redisServers; i++) {
        redis.add(
            RedisServer.start(redisServers == 1 ? "redis" : "redis-" + (i + 1), surroundings));
      }
      return start(surroundings, redis);
    } catch (IOException e) {
      redis.forEach(RedisServer::close);
      throw e;
    }
  }

  private RunningServer start(Surroundings surroundings, List<RedisServer> redis)
      throws IOException {
    List<String> program =
        new ArrayList<>(
            List.of(
                "-jar", surroundings.nodeJar().toString(), "--host", "127.0.0.1", "--port", "0"));
    if (!redis.isEmpty()) {
      program.add("--redis-url");
      program.add(redis.stream().map(RedisServer::url).collect(Collectors.joining(",")));
      program.add("--shards");
      program.add(String.valueOf(shards));
    }
    Child node =
        Child.start(
            name(),
            surroundings.pinning().server(surroundings.javaCommand(program)),
            surroundings.work());
    return RunningServer.onJava(
        surroundings, node.awaitListening(), node, redis.stream().map(RedisServer::child).toList());
  }
}
