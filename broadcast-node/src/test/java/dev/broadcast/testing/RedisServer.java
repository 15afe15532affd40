package dev.broadcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis process of a test's own, on loopback, that can be killed, restarted with or without
 * its data, paused, and taken back in time. The port stays the same over restarts. One thread at a
 * time.
 */
public final class RedisServer implements AutoCloseable {

  /** Redis' {@code appendfsync}: when what was written reaches the disk. */
  public enum Fsync {
    ALWAYS,
    EVERYSEC,
    NO
  }

  private static final Duration START_WITHIN = Duration.ofSeconds(20);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private final Path binary = RedisBinary.find();
  private final Path directory;
  private final Path log;
  private final Fsync fsync;
  private final List<String> settings;
  private final Thread reaper = new Thread(this::killQuietly, "redis-reaper");
  private int port;
  private @Nullable Process process;

  private RedisServer(Path directory, Fsync fsync, List<String> settings) {
    this.directory = directory;
    this.log = directory.resolveSibling(directory.getFileName() + ".log");
    this.fsync = fsync;
    this.settings = settings;
  }

  /**
   * Starts an append-only Redis in a directory of its own; returns once it answers.
   *
   * @param directory its data; made when absent
   * @param settings further command-line settings, as in {@code "--maxmemory", "10mb"}
   */
  public static RedisServer start(Path directory, Fsync fsync, String... settings) {
    var server = new RedisServer(directory, fsync, List.of(settings));
    Runtime.getRuntime().addShutdownHook(server.reaper);
    // Between looking for a free port and binding it another process may take it.
    for (int attempt = 1; ; attempt++) {
      server.port = Ports.free();
      try {
        server.launch();
        return server;
      } catch (IllegalStateException e) {
        if (attempt == 3) {
          throw e;
        }
      }
    }
  }

  public int port() {
    return port;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** One command on a connection of its own. */
  public @Nullable Object command(String... command) {
    try (var connection = new RespConnection("127.0.0.1", port, ANSWER_WITHIN)) {
      return connection.call(command);
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", command), e);
    }
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    Process killed = process;
    if (killed != null) {
      killed.destroyForcibly();
      try {
        killed.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while Redis was dying", e);
      }
      process = null;
    }
  }

  /** Starts it again on the same port with what is in its directory, after {@link #kill}. */
  public void restart() {
    kill();
    launch();
  }

  /** Starts it again on the same port with nothing in it. */
  public void restartEmpty() {
    kill();
    Directories.deleteContents(directory);
    launch();
  }

  /** Starts it again on the same port with the data of {@link #copyData}: back in time. */
  public void restartFrom(Path copy) {
    kill();
    Directories.deleteContents(directory);
    Directories.copyContents(copy, directory);
    launch();
  }

  /** Copies its data as it is now; Redis stands still meanwhile, so the copy is consistent. */
  public Path copyData() {
    Path copy = Directories.sibling(directory, "copy");
    pause();
    try {
      Directories.copyContents(directory, copy);
    } finally {
      resume();
    }
    return copy;
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  public void pause() {
    Signals.stop(running());
  }

  /** SIGCONT after {@link #pause}. */
  public void resume() {
    Signals.resume(running());
  }

  /**
   * Cuts every pub/sub connection and no other.
   *
   * @return how many
   */
  public long killPubSub() {
    Object killed = command("CLIENT", "KILL", "TYPE", "pubsub");
    return killed instanceof Long count ? count : 0;
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (IllegalStateException e) {
      // The JVM is on its way down and runs the hook itself.
    }
  }

  private Process running() {
    Process current = process;
    if (current == null) {
      throw new IllegalStateException("Redis is not running");
    }
    return current;
  }

  private void launch() {
    var command = new ArrayList<String>();
    command.add(binary.toString());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", directory.toString(), "--save", ""));
    command.addAll(List.of("--appendonly", "yes"));
    command.addAll(List.of("--appendfsync", fsync.name().toLowerCase(Locale.ROOT)));
    command.addAll(settings);
    try {
      Files.createDirectories(directory);
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + binary, e);
    }
    awaitAnswer();
  }

  private void awaitAnswer() {
    long deadline = System.nanoTime() + START_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      try (var connection = new RespConnection("127.0.0.1", port, ANSWER_WITHIN)) {
        connection.call("PING");
        return;
      } catch (RespConnection.RedisError e) {
        if (e.getMessage().startsWith("NOAUTH")) {
          return;
        }
        // LOADING: it serves as soon as it has read its file.
      } catch (IOException e) {
        // Not listening yet.
      }
      if (exitsWithin(Duration.ofMillis(5))) {
        break;
      }
    }
    kill();
    throw new IllegalStateException("redis-server does not answer: " + Directories.read(log));
  }

  private boolean exitsWithin(Duration wait) {
    try {
      return running().waitFor(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Redis was starting", e);
    }
  }

  private void killQuietly() {
    Process orphan = process;
    if (orphan != null) {
      orphan.destroyForcibly();
    }
  }
}
