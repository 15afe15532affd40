package dev.broadcast.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * Finds a {@code redis-server} to run: the one on the path, else the one that travels in a test
 * dependency, so that the tests need nothing installed beside Java.
 */
final class RedisBinary {

  private RedisBinary() {}

  /**
   * @throws IllegalStateException when there is neither, saying what to install
   */
  static Path find() {
    return onPath().orElseGet(RedisBinary::embedded);
  }

  private static Optional<Path> onPath() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isBlank())
        .map(directory -> Path.of(directory, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Path embedded() {
    try {
      File directory = Files.createTempDirectory("broadcast-redis-binary").toFile();
      directory.deleteOnExit();
      File binary = ExecutableProvider.newJarResourceProvider(directory).get();
      binary.deleteOnExit();
      return binary.toPath();
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          "these tests need a real Redis and never skip: put redis-server (6.2 or newer) on the"
              + " path; the embedded one does not run here",
          e);
    }
  }
}
