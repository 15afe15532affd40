package dev.broadcast.e2e;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the shell blocks of one page, as its reader would in one directory: each must end well
 * within a minute. One with {@code curl -N} listens: it must be connected, and stays until the page
 * ends.
 */
final class DocShell implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int FIRST_PORT = 8080;

  private final Path directory;
  private final Map<String, String> addresses = new java.util.LinkedHashMap<>();
  private final List<Process> listening = new ArrayList<>();

  /**
   * @param nodes what the ports from 8080 on stand for
   * @param redis what 6379 stands for
   */
  DocShell(Path parent, List<URI> nodes, int redis) throws IOException {
    directory = Files.createTempDirectory(parent, "page");
    for (int i = 0; i < nodes.size(); i++) {
      addresses.put("127.0.0.1:" + (FIRST_PORT + i), nodes.get(i).getAuthority());
    }
    addresses.put("6379", Integer.toString(redis));
    // An error answer ends curl with a status.
    Files.writeString(directory.resolve(".curlrc"), "fail-with-body\nsilent\nshow-error\n");
  }

  void run(DocBlock block) throws Exception {
    String script = block.text();
    for (Map.Entry<String, String> address : addresses.entrySet()) {
      script = script.replace(address.getKey(), address.getValue());
    }
    Path log = Files.createTempFile(directory, "block", ".log");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("CURL_HOME", directory.toString());
    Process process = builder.start();
    if (block.text().contains("curl -N")) {
      listening.add(process);
      long end = System.nanoTime() + SOON.toNanos();
      while (!Files.readString(log).contains("event: connected")) {
        if (System.nanoTime() > end || !process.isAlive()) {
          throw new AssertionError(block.where() + " is not connected:\n" + Files.readString(log));
        }
        LockSupport.parkNanos(20_000_000);
      }
    } else if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(block.where() + " does not end well:\n" + Files.readString(log));
    }
  }

  @Override
  public void close() {
    for (Process process : listening) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
