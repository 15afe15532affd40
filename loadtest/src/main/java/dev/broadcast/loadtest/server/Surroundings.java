package dev.broadcast.loadtest.server;

import java.nio.file.Path;
import java.util.List;

/**
 * Where servers are started from, and with what.
 *
 * @param project the project's root directory
 * @param java the {@code java} that the servers written in it run on
 * @param jvmArguments arguments for it
 * @param classPath this program's own, for servers that are part of it
 * @param work a directory for compiled programs and logs
 * @param pinning which processors the servers get, and which the rest
 */
public record Surroundings(
    Path project,
    Path java,
    List<String> jvmArguments,
    String classPath,
    Path work,
    Pinning pinning) {

  public Surroundings {
    jvmArguments = List.copyOf(jvmArguments);
  }

  /** The packaged node. */
  Path nodeJar() {
    return project.resolve("broadcast-node/target/broadcast-node.jar");
  }
}
