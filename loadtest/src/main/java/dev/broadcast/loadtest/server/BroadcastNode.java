package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** This project's node, as it is packaged, alone or over a Redis that is started with it. */
final class BroadcastNode implements ServerUnderTest {
  private final boolean redis;

  BroadcastNode(boolean redis) {
    this.redis = redis;
  }

  @Override
  public String name() {
    return redis ? "broadcast-redis" : "broadcast";
  }

  @Override
  public String description() {
    return redis ? "this node over Redis" : "this node, in-process backplane";
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.allOf(Ability.class);
  }

  @Override
  public Optional<String> missing(Surroundings surroundings) {
    if (!Files.exists(surroundings.nodeJar())) {
      return Optional.of(surroundings.nodeJar() + " (mvn -pl broadcast-node -am package)");
    }
    return redis ? RedisServer.missing() : Optional.empty();
  }

  @Override
  public RunningServer start(Surroundings surroundings) throws IOException {
    if (!redis) {
      return startNode(surroundings, List.of(), List.of());
    }
    RedisServer server = RedisServer.start(surroundings);
    try {
      return startNode(surroundings, List.of("--redis-url", server.url()), List.of(server.child()));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private RunningServer startNode(
      Surroundings surroundings, List<String> flags, List<Child> helpers) throws IOException {
    List<String> program =
        new ArrayList<>(
            List.of(
                "-jar", surroundings.nodeJar().toString(), "--host", "127.0.0.1", "--port", "0"));
    program.addAll(flags);
    Child node =
        Child.start(
            name(),
            surroundings.pinning().server(surroundings.javaCommand(program)),
            surroundings.work());
    return RunningServer.onJava(surroundings, node.awaitListening(), node, helpers);
  }
}
