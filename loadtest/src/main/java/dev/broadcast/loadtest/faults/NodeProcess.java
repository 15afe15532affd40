package dev.broadcast.loadtest.faults;

import dev.broadcast.loadtest.server.Child;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** One packaged node at a port of its own, dead or alive. One thread. */
final class NodeProcess implements Closeable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  private final String name;
  private final List<String> program;
  private final Path work;
  private final InetSocketAddress address;
  private @Nullable Child child;
  private List<String> prefix = List.of();
  private int starts;

  /**
   * @param program the command up to the flags that only this node has
   */
  NodeProcess(String name, List<String> program, Path work) throws IOException {
    this.name = name;
    this.work = work;
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Child.freePort());
    List<String> all = new ArrayList<>(program);
    all.addAll(List.of("--port", String.valueOf(address.getPort())));
    this.program = List.copyOf(all);
  }

  String name() {
    return name;
  }

  InetSocketAddress address() {
    return address;
  }

  Child running() {
    if (child == null) {
      throw new IllegalStateException(name + " is not running");
    }
    return child;
  }

  /** Starts it; returns at once. */
  void start() throws IOException {
    launch(List.of());
  }

  /** Starts it with another idea of what time it is, as {@code +1d}. */
  void startWithClock(Path library, String offset) throws IOException {
    launch(
        List.of(
            "env",
            "LD_PRELOAD=" + library,
            "FAKETIME=" + offset,
            "FAKETIME_DONT_FAKE_MONOTONIC=1"));
  }

  private void launch(List<String> prefix) throws IOException {
    this.prefix = prefix;
    List<String> command = new ArrayList<>(prefix);
    command.addAll(program);
    child = Child.start(name + "-" + ++starts, command, work);
  }

  /** SIGTERM; how it ends, if it ends in time. */
  OptionalInt stop(Duration within) throws IOException, InterruptedException {
    running().signal("TERM");
    return running().exit(within);
  }

  void kill() throws InterruptedException {
    running().kill();
  }

  /**
   * Waits until it is ready for clients. Where it ended because Redis was not fit to start with, it
   * is started again, as those do who look after programs.
   */
  void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (!ready()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(name + " is not ready; it printed:\n" + running().said());
      }
      Thread.sleep(20);
      if (!running().isAlive()) {
        running().close();
        launch(prefix);
      }
    }
  }

  private boolean ready() {
    try (HttpConnection connection = new HttpConnection(address, 0, 2_000)) {
      return connection.ask("GET", "/health/ready", java.util.Map.of(), new byte[0]).status()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    if (child != null) {
      try {
        child.kill(); // it may stand still
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
