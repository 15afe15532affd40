package dev.broadcast.loadtest.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.broadcast.loadtest.client.LoadClient;
import dev.broadcast.loadtest.client.LoadPlan;
import dev.broadcast.loadtest.client.LoadResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServersTest {
  private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

  /** Those that are not packaged elsewhere, or not installed on every machine. */
  static Stream<String> othersThanTheNode() {
    return Servers.all().stream()
        .map(ServerUnderTest::name)
        .filter(name -> !name.startsWith("broadcast"));
  }

  @ParameterizedTest
  @MethodSource("othersThanTheNode")
  void deliversEachTopicToItsStreamsAlone(String name, @TempDir Path directory) throws IOException {
    ServerUnderTest server = Servers.named(name).orElseThrow();
    Surroundings surroundings = surroundings(PROJECT, directory);
    assumeTrue(server.missing(surroundings).isEmpty(), () -> name + " is not here");
    assertTrue(server.abilities().contains(Ability.TOPICS));

    try (RunningServer running = server.start(surroundings)) {
      LoadResult result =
          LoadClient.run(
              new LoadPlan(
                  running.address(),
                  new LoadPlan.Streams("/events", 20, 4, 0),
                  new LoadPlan.Publishing("/events", running.format(), 1, 100, 1, 64),
                  new LoadPlan.Timing(
                      Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofSeconds(5))),
              running::usage);

      assertEquals(List.of(), result.faults());
      assertEquals(100 * 5, result.delivered());
      // So little work may be less than one tick of the processor clock, 10 ms.
      assertTrue(result.serverCpuNanos() >= 0, "server CPU");
    }
  }

  @Test
  void saysHowToGetASpringServerThatIsNotBuilt(@TempDir Path directory) {
    String missing = SpringServer.mvc().missing(surroundings(directory, directory)).orElseThrow();

    assertTrue(missing.startsWith(directory.resolve("loadtest/spring/mvc").toString()), missing);
    assertTrue(missing.contains("mvn -f loadtest/spring package"), missing);
  }

  @Test
  void namesEachServerOnce() {
    List<String> names = Servers.all().stream().map(ServerUnderTest::name).toList();

    assertEquals(names.stream().distinct().toList(), names);
    assertEquals(Servers.FLOOR, names.get(0));
  }

  private static Surroundings surroundings(Path project, Path work) {
    return new Surroundings(
        project,
        Path.of(System.getProperty("java.home"), "bin", "java"),
        List.of("-Xmx256m"),
        System.getProperty("java.class.path"),
        work,
        new Pinning("0", "0", false));
  }
}
