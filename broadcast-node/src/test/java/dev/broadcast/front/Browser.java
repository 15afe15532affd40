package dev.broadcast.front;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A headless Chromium with one page, steered through playwright-core. One thread at a time. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "browser.mjs");

  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  private Browser(Process process) {
    this.process = process;
    in = process.outputWriter();
    out = process.inputReader();
  }

  /** The program, if this machine has one. */
  static Optional<Path> program() {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      for (String name : List.of("chromium", "chromium-browser", "google-chrome")) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program)) {
          return Optional.of(program);
        }
      }
    }
    return Optional.empty();
  }

  static Browser start(Path program) throws IOException, InterruptedException {
    return new Browser(
        new ProcessBuilder("node", "browser.mjs", program.toString())
            .directory(packages().toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /**
   * Where the npm packages of the lock file are, below {@code target}; installs them if need be.
   */
  static Path packages() throws IOException, InterruptedException {
    Path directory =
        Path.of(System.getProperty("basedir", "."), "target", "browser").toAbsolutePath();
    Files.createDirectories(directory);
    for (String file : FILES) {
      URL source = Objects.requireNonNull(Browser.class.getResource("/browser/" + file));
      try {
        Files.copy(
            Path.of(source.toURI()), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
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

  /** Shows a page; returns when it is loaded. */
  void open(URI page) {
    ask(Map.of("open", page.toString()));
  }

  /** What an expression is in the page. */
  JsonNode eval(String expression) {
    return ask(Map.of("eval", expression));
  }

  /** Waits until an expression is true in the page; fails with what the page looks like. */
  void await(String expression) {
    try {
      Await.until(expression, Duration.ofSeconds(20), () -> eval(expression).asBoolean());
    } catch (AssertionError e) {
      throw new AssertionError(
          e.getMessage() + "\n" + eval("document.body.innerHTML").asText() + "\n" + console(), e);
    }
  }

  /** What the page told its console since the last time. */
  String console() {
    return ask(Map.of()).toString();
  }

  private JsonNode ask(Map<String, String> command) {
    try {
      in.write(JSON.writeValueAsString(command));
      in.newLine();
      in.flush();
      String line = out.readLine();
      if (line == null) {
        throw new AssertionError("the browser is gone");
      }
      JsonNode answer = JSON.readTree(line);
      if (answer.has("error")) {
        throw new AssertionError(command + ": " + answer.path("error").asText());
      }
      return answer.path("value");
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
