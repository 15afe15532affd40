package dev.broadcast.e2e;

import dev.broadcast.testing.Signals;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One node: the packaged jar as a process of its own. One thread at a time. */
final class NodeProcess implements AutoCloseable {

  private static final Pattern LISTENING = Pattern.compile("listening on (http://[^\\s,;]+)");
  private static final Duration START_WITHIN = Duration.ofSeconds(30);

  private final List<String> command;
  private final Process process;
  private final Thread reaper;
  private final StringBuilder output = new StringBuilder();
  private boolean ended;

  private NodeProcess(List<String> command) {
    this.command = command;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
    reaper = new Thread(process::destroyForcibly, "node-reaper");
    Runtime.getRuntime().addShutdownHook(reaper);
    var reader = new Thread(this::collect, "node-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a node; returns at once. */
  static NodeProcess launch(List<String> flags) {
    // Several JVMs share the test machine's few processors: small, and compiled quickly.
    return launch(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"), flags);
  }

  /**
   * @param jvm the JVM's own flags
   */
  static NodeProcess launch(List<String> jvm, List<String> flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    command.addAll(List.of("-jar", jar().toString()));
    command.addAll(flags);
    return new NodeProcess(List.copyOf(command));
  }

  /** Starts a node with another jar beside its own on the class path. */
  static NodeProcess launchWith(Path other, List<String> flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", jar() + File.pathSeparator + other, "dev.broadcast.node.Main"));
    command.addAll(flags);
    return new NodeProcess(List.copyOf(command));
  }

  /** Starts a node and waits until it listens. */
  static NodeProcess start(List<String> flags) {
    NodeProcess node = launch(flags);
    node.uri();
    return node;
  }

  /** Starts a node with the same flags; with a fixed port, at the same place. */
  NodeProcess again() {
    var node = new NodeProcess(command);
    node.uri();
    return node;
  }

  /** Where it listens, once it said so. */
  URI uri() {
    return URI.create(awaitOutput(LISTENING, START_WITHIN).group(1));
  }

  /** Waits for the first place in its output that matches. */
  Matcher awaitOutput(Pattern pattern, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    synchronized (output) {
      while (true) {
        Matcher matcher = pattern.matcher(output.toString());
        if (matcher.find()) {
          return matcher;
        }
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0 || ended) {
          throw failure("did not print " + pattern);
        }
        try {
          output.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw failure("interrupted waiting for " + pattern);
        }
      }
    }
  }

  /** Everything it printed. */
  String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  /** SIGKILL; returns when it is gone. */
  void kill() {
    process.toHandle().destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** SIGTERM; returns at once. */
  void terminate() {
    // Process.destroy would close the pipe it prints to as well.
    process.toHandle().destroy();
  }

  /** SIGSTOP; returns when it stands still. */
  void pause() {
    Signals.stop(process);
  }

  /** SIGCONT. */
  void resume() {
    Signals.resume(process);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit code; fails when it is still there after {@code within}. */
  int awaitExit(Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure("did not exit within " + within);
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted waiting for its exit");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (IllegalStateException e) {
      // The JVM is on its way down and runs the hook itself.
    }
  }

  static Path jar() {
    String module = System.getProperty("basedir", ".");
    Path jar = Path.of(module, "target", "broadcast-node.jar").toAbsolutePath().normalize();
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing; `mvn package` builds it");
    }
    return jar;
  }

  private void collect() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          output.append(line).append('\n');
          output.notifyAll();
        }
      }
    } catch (IOException e) {
      // Killed; what it had said is kept.
    } finally {
      synchronized (output) {
        ended = true;
        output.notifyAll();
      }
    }
  }

  private AssertionError failure(String what) {
    return new AssertionError(command + " " + what + "; it printed:\n" + output());
  }
}
