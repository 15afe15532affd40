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
    if (redis && Programs.find("redis-server").isEmpty()) {
      return Optional.of("redis-server on the path (Debian: apt install redis-server)");
    }
    return Optional.empty();
  }

  @Override
  public RunningServer start(Surroundings surroundings) throws IOException {
    if (!redis) {
      return startNode(surroundings, List.of(), List.of());
    }
    int port = Child.freePort();
    Child server =
        Child.start(
            "redis",
            surroundings
                .pinning()
                .other(
                    List.of(
                        "redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(port),
                        "--save",
                        "",
                        "--appendonly",
                        "no")),
            surroundings.work());
    server.awaitPort(port);
    try {
      return startNode(
          surroundings, List.of("--redis-url", "redis://127.0.0.1:" + port), List.of(server));
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
