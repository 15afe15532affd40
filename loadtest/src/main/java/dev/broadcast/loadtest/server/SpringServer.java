package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Spring Boot program of {@code loadtest/spring}, packaged there; {@code bench} builds them. */
final class SpringServer implements ServerUnderTest {
  private final String module;
  private final String description;

  private SpringServer(String module, String description) {
    this.module = module;
    this.description = description;
  }

  static SpringServer mvc() {
    return new SpringServer("mvc", "Spring MVC on Tomcat: a list of SseEmitters");
  }

  static SpringServer webFlux() {
    return new SpringServer("webflux", "Spring WebFlux on Reactor Netty: one multicast sink");
  }

  @Override
  public String name() {
    return "spring-" + module;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Set<Ability> abilities() {
    return Set.of(Ability.TOPICS);
  }

  @Override
  public Optional<String> missing(Surroundings surroundings) {
    Path jar = jar(surroundings);
    return Files.exists(jar)
        ? Optional.empty()
        : Optional.of(jar + " (mvn -f loadtest/spring package, which needs the network once)");
  }

  @Override
  public RunningServer start(Surroundings surroundings) throws IOException {
    List<String> command =
        surroundings.javaCommand(List.of("-jar", jar(surroundings).toString(), "--server.port=0"));
    Child child = Child.start(name(), surroundings.pinning().server(command), surroundings.work());
    return RunningServer.onJava(surroundings, child.awaitListening(), child, List.of());
  }

  private Path jar(Surroundings surroundings) {
    return surroundings
        .project()
        .resolve("loadtest/spring/" + module + "/target/" + name() + ".jar");
  }
}
