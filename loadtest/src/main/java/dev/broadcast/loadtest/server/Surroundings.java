package dev.broadcast.loadtest.server;

import java.nio.file.Path;
import java.util.ArrayList;
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

  /**
   * The same with a heap that has its whole size, every page of it touched, from the start: what a
   * Java server's resident memory grows by then lies outside the heap.
   *
   * @param size as {@code -Xmx} takes it
   */
  public Surroundings withFixedHeap(String size) {
    List<String> arguments = new ArrayList<>(jvmArguments);
    arguments.removeIf(argument -> argument.startsWith("-Xmx") || argument.startsWith("-Xms"));
    arguments.addAll(List.of("-Xms" + size, "-Xmx" + size, "-XX:+AlwaysPreTouch"));
    return new Surroundings(project, java, arguments, classPath, work, pinning);
  }

  /** The command that runs a Java program: {@code java}, its arguments, then these. */
  List<String> javaCommand(List<String> program) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(jvmArguments);
    command.addAll(program);
    return command;
  }

  /** The packaged node. */
  Path nodeJar() {
    return project.resolve("broadcast-node/target/broadcast-node.jar");
  }
}
