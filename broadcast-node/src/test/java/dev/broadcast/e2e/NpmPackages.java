package dev.broadcast.e2e;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The npm clients with the versions of their lock file, installed below {@code target}. */
final class NpmPackages {

  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "eventsource.mjs", "eventsource-parser.mjs");

  private NpmPackages() {}

  /** Whether a program answers {@code --version}. */
  static boolean hasProgram(String program) {
    try {
      Process process =
          new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Installs them unless they are there.
   *
   * @return the directory that holds the scripts
   */
  static Path install() throws IOException, InterruptedException, URISyntaxException {
    Path directory =
        Path.of(System.getProperty("basedir", "."), "target", "foreign-clients").toAbsolutePath();
    Files.createDirectories(directory);
    for (String file : FILES) {
      URL source =
          Objects.requireNonNull(NpmPackages.class.getResource("/foreign-clients/" + file));
      Files.copy(
          Path.of(source.toURI()), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(directory.resolve("node_modules/.package-lock.json"))) {
      Path log = directory.resolve("npm.log");
      Process npm =
          new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (npm.waitFor() != 0) {
        throw new IllegalStateException("npm ci failed: " + Files.readString(log));
      }
    }
    return directory;
  }
}
