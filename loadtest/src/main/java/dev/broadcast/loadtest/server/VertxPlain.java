package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@link VertxPlainMain} as a process. */
final class VertxPlain implements ServerUnderTest {
  @Override
  public String name() {
    return "vertx-plain";
  }

  @Override
  public String description() {
    return "Vert.x as usually written: response.write per connection";
  }

  @Override
  public Set<Ability> abilities() {
    return Set.of(Ability.TOPICS);
  }

  @Override
  public Optional<String> missing(Surroundings surroundings) {
    return Optional.empty();
  }

  @Override
  public RunningServer start(Surroundings surroundings) throws IOException {
    List<String> command =
        surroundings.javaCommand(
            List.of("-cp", surroundings.classPath(), VertxPlainMain.class.getName(), "0"));
    Child child = Child.start(name(), surroundings.pinning().server(command), surroundings.work());
    return RunningServer.onJava(surroundings, child.awaitListening(), child, List.of());
  }
}
