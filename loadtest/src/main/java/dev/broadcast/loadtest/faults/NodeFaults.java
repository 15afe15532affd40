package dev.broadcast.loadtest.faults;

import static dev.broadcast.loadtest.faults.Fault.harmless;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What happens to nodes. */
final class NodeFaults {
  /** Its {@code --drain}, and a little. */
  private static final Duration DRAIN = Duration.ofSeconds(8);

  private NodeFaults() {}

  static List<Fault> all() {
    return List.of(
        harmless(
            "none",
            "nothing: what a step looks like without a fault",
            500,
            2_000,
            (scene, step) -> scene.last(step)),
        harmless("node-kill", "SIGKILL of a node, started again", 300, 3_000, NodeFaults::kill),
        harmless("nodes-kill", "SIGKILL of all nodes at once", 100, 1_000, NodeFaults::killAll),
        harmless("node-pause", "SIGSTOP and SIGCONT of a node", 500, 9_000, NodeFaults::pause),
        harmless("node-stop", "SIGTERM of a node under load", 300, 2_000, NodeFaults::stop),
        harmless("nodes-roll", "SIGTERM of all nodes, one by one", 100, 500, NodeFaults::roll),
        harmless("node-clock", "a node whose clock is a day off", 1_000, 3_000, NodeFaults::clock));
  }

  private static void kill(Scene scene, Step step) throws IOException, InterruptedException {
    NodeProcess node = scene.node(step);
    node.kill();
    scene.last(step);
    node.start();
    node.awaitReady();
  }

  private static void killAll(Scene scene, Step step) throws IOException, InterruptedException {
    for (NodeProcess node : scene.nodes()) {
      node.kill();
    }
    scene.last(step);
    for (NodeProcess node : scene.nodes()) {
      node.start();
    }
    for (NodeProcess node : scene.nodes()) {
      node.awaitReady();
    }
  }

  private static void pause(Scene scene, Step step) throws IOException, InterruptedException {
    NodeProcess node = scene.node(step);
    node.running().signal("STOP");
    try {
      scene.last(step);
    } finally {
      node.running().signal("CONT");
    }
    node.awaitReady();
  }

  private static void stop(Scene scene, Step step) throws IOException, InterruptedException {
    NodeProcess node = scene.node(step);
    end(node);
    scene.last(step);
    node.start();
    node.awaitReady();
  }

  private static void roll(Scene scene, Step step) throws IOException, InterruptedException {
    for (NodeProcess node : scene.nodes()) {
      end(node);
      node.start();
      node.awaitReady();
      scene.last(step);
    }
  }

  private static void end(NodeProcess node) throws IOException, InterruptedException {
    OptionalInt status = node.stop(DRAIN);
    if (status.isEmpty() || status.getAsInt() != 0) {
      throw new IOException(
          node.name() + " was to stop and ended with " + status + ":\n" + node.running().said());
    }
  }

  private static void clock(Scene scene, Step step) throws IOException, InterruptedException {
    Path library = faketime().orElseThrow();
    NodeProcess node = scene.node(step);
    end(node);
    node.startWithClock(library, step.random().nextBoolean() ? "+1d" : "-1d");
    node.awaitReady();
    scene.last(step);
    end(node);
    node.start();
    node.awaitReady();
  }

  /** Debian's library that tells a process another time. */
  static Optional<Path> faketime() {
    try (Stream<Path> directories = Files.list(Path.of("/usr/lib"))) {
      return directories
          .map(directory -> directory.resolve("faketime/libfaketimeMT.so.1"))
          .filter(Files::exists)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
