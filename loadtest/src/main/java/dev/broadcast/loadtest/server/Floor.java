package dev.broadcast.loadtest.server;

import dev.broadcast.loadtest.client.PublishFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code floor.c}: the least a program can do, compiled here. */
final class Floor implements ServerUnderTest {
  private static final String SOURCE = "loadtest/src/main/c/floor.c";

  @Override
  public String name() {
    return "floor";
  }

  @Override
  public String description() {
    return "C, one thread, only send(2): what the kernel charges";
  }

  @Override
  public Set<Ability> abilities() {
    return Set.of(Ability.TOPICS);
  }

  @Override
  public Optional<String> missing(Surroundings surroundings) {
    return compiler().isPresent()
        ? Optional.empty()
        : Optional.of("a C compiler (gcc or cc on the path; Debian: apt install gcc libc6-dev)");
  }

  @Override
  public RunningServer start(Surroundings surroundings) throws IOException {
    List<String> command = List.of(compile(surroundings).toString(), "0");
    Child child = Child.start(name(), surroundings.pinning().server(command), surroundings.work());
    return new RunningServer(child.awaitListening(), PublishFormat.TEXT, child, List.of());
  }

  private static Path compile(Surroundings surroundings) throws IOException {
    Path source = surroundings.project().resolve(SOURCE);
    Path program = Files.createDirectories(surroundings.work()).resolve("floor");
    if (Files.exists(program)
        && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) > 0) {
      return program;
    }
    String compiler = compiler().orElseThrow(() -> new IOException("no C compiler")).toString();
    Programs.Answer answer =
        Programs.run(
            List.of(compiler, "-O2", "-Wall", "-o", program.toString(), source.toString()));
    if (!answer.succeeded()) {
      throw new IOException("floor.c does not compile: " + answer.output());
    }
    return program;
  }

  private static Optional<Path> compiler() {
    return Stream.of("gcc", "cc").flatMap(name -> Programs.find(name).stream()).findFirst();
  }
}
