package dev.broadcast.e2e;

import dev.broadcast.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code examples/run NAME}, as its reader starts it, on ports of its own. One thread at a time.
 */
final class ExampleRun implements AutoCloseable {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "."), "..").toAbsolutePath().normalize();
  private static final Pattern OPEN = Pattern.compile(": open (http://\\S+)");
  private static final Duration START_WITHIN = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private final int port = Ports.free();

  /**
   * Starts one; returns at once.
   *
   * @param flags for its node
   */
  ExampleRun(Path directory, String name, String... flags) {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("examples/run").toString(), name));
    command.addAll(List.of(flags));
    try {
      log = Files.createTempFile(directory, name, ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("PAGE_PORT", Integer.toString(Ports.free()));
      builder.environment().put("NODE_PORT", Integer.toString(port));
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port of its node. */
  int port() {
    return port;
  }

  /** The page to open, once it says so and is there. */
  URI page() {
    URI page = URI.create(await(OPEN).group(1));
    long end = System.nanoTime() + START_WITHIN.toNanos();
    while (!answers(page)) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new AssertionError(page + " does not answer; it printed:\n" + said());
      }
      LockSupport.parkNanos(50_000_000);
    }
    return page;
  }

  private Matcher await(Pattern pattern) {
    long end = System.nanoTime() + START_WITHIN.toNanos();
    while (true) {
      Matcher matcher = pattern.matcher(said());
      if (matcher.find()) {
        return matcher;
      }
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new AssertionError("no " + pattern + " in:\n" + said());
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static boolean answers(URI page) {
    try (var socket = new java.net.Socket(page.getHost(), page.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As Ctrl-C does; all that it started must end with it. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (children.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
      LockSupport.parkNanos(20_000_000);
    }
    List<ProcessHandle> left = children.stream().filter(ProcessHandle::isAlive).toList();
    left.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (!left.isEmpty()) {
      throw new AssertionError("it left programs behind: " + left);
    }
  }
}
