package dev.broadcast.testing;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** npm packages with the versions of their lock file, installed below {@code target}. */
public final class NpmPackages {
  private NpmPackages() {}

  /** Whether a program answers {@code --version}. */
  public static boolean hasProgram(String program) {
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
   * @param name of the directory among the test resources that holds package and lock file
   * @param scripts others of its files that are wanted beside them
   * @return the directory that holds {@code node_modules}
   */
  public static Path install(String name, String... scripts)
      throws IOException, InterruptedException, URISyntaxException {
    Path directory = Path.of(System.getProperty("basedir", "."), "target", name).toAbsolutePath();
    Files.createDirectories(directory);
    List<String> files = new ArrayList<>(List.of("package.json", "package-lock.json"));
    files.addAll(List.of(scripts));
    for (String file : files) {
      URL source = Objects.requireNonNull(NpmPackages.class.getResource("/" + name + "/" + file));
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
