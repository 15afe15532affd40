package dev.broadcast.loadtest.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.loadtest.client.Usage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that a load test started: found when it listens, and ended for certain. */
public final class Child implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("listening on http://([^:/\\s]+):(\\d+)");
  private static final long START_LIMIT = TimeUnit.SECONDS.toNanos(60);
  private static final long STOP_SECONDS = 10;

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread atExit;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.atExit = new Thread(process::destroyForcibly, "end " + name);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Starts a command; what it prints goes to {@code NAME.log} in {@code work}. */
  public static Child start(String name, List<String> command, Path work) throws IOException {
    Path log = Files.createDirectories(work).resolve(name + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Child(name, process, log);
  }

  /** A port that nothing listens on just now, for servers that cannot pick one themselves. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Waits for the line that says where it listens. */
  public InetSocketAddress awaitListening() throws IOException {
    return await(
        () -> {
          Matcher line = LISTENING.matcher(said());
          return line.find()
              ? Optional.of(new InetSocketAddress(line.group(1), Integer.parseInt(line.group(2))))
              : Optional.empty();
        });
  }

  /** Waits until a port of this machine takes connections. */
  public InetSocketAddress awaitPort(int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return await(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(address, 1000);
            return Optional.of(address);
          } catch (IOException e) {
            return Optional.empty();
          }
        });
  }

  public long pid() {
    return process.pid();
  }

  /** Sends it a signal, as {@code STOP}. */
  public void signal(String name) throws IOException {
    Programs.run(List.of("kill", "-" + name, String.valueOf(process.pid())));
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() throws InterruptedException {
    // destroyForcibly() of the handle leaves the streams alone.
    process.toHandle().destroyForcibly();
    process.waitFor();
    forget();
  }

  /** Its exit status, if it ends within that time. */
  public OptionalInt exit(Duration within) throws InterruptedException {
    return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  Usage usage() {
    return new ProcessTree(process.toHandle()).usage();
  }

  @Override
  public void close() {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    below.forEach(ProcessHandle::destroyForcibly);
    forget();
  }

  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The program is ending already, and this very hook with it.
    }
  }

  /** Waits until {@code look} finds something. */
  <T> T await(Supplier<Optional<T>> look) throws IOException {
    long limit = System.nanoTime() + START_LIMIT;
    while (true) {
      boolean alive = process.isAlive();
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (!alive || System.nanoTime() - limit > 0) {
        close();
        throw new IOException(
            name
                + (alive ? " did not listen within 60 s" : " ended with " + process.exitValue())
                + ": "
                + tail(said()));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  /** Everything it printed. */
  public String said() {
    try {
      return new String(Files.readAllBytes(log), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static String tail(String text) {
    String stripped = text.strip();
    return stripped.length() <= 1000
        ? stripped
        : "…" + stripped.substring(stripped.length() - 1000);
  }
}
