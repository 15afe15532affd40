package dev.broadcast.front;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** htmx and others, in the versions of their lock file, installed below {@code target}. */
final class PageLibraries {
  private PageLibraries() {}

  static boolean hasNpm() throws InterruptedException {
    try {
      Process npm =
          new ProcessBuilder("npm", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return npm.waitFor(20, TimeUnit.SECONDS) && npm.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Installs them unless they are there.
   *
   * @return the directory that holds {@code node_modules}
   */
  static Path install() throws IOException, InterruptedException, URISyntaxException {
    Path directory =
        Path.of(System.getProperty("basedir", "."), "target", "page-libraries").toAbsolutePath();
    Files.createDirectories(directory);
    for (String file : List.of("package.json", "package-lock.json")) {
      URL source =
          Objects.requireNonNull(PageLibraries.class.getResource("/page-libraries/" + file));
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
