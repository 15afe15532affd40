package dev.broadcast.loadtest.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the server on processors of its own, away from the client and from Redis, so that neither
 * is charged for the other's cache misses and waiting.
 *
 * @param serverCpus processors as {@code taskset -c} names them, as {@code 0} or {@code 0-3}
 * @param otherCpus the same for the client and for what a server leans on
 * @param active whether processes are pinned at all
 */
public record Pinning(String serverCpus, String otherCpus, boolean active) {

  /** Pins when this machine has {@code taskset} and two processors or more. */
  public static Pinning where(String serverCpus, String otherCpus) {
    boolean possible =
        Programs.find("taskset").isPresent() && Runtime.getRuntime().availableProcessors() > 1;
    return new Pinning(serverCpus, otherCpus, possible);
  }

  /** The command that runs a server on its processors. */
  List<String> server(List<String> command) {
    return pinned(serverCpus, command);
  }

  /** The command that runs a server's helper away from it. */
  List<String> other(List<String> command) {
    return pinned(otherCpus, command);
  }

  /** Moves this program, all its threads, away from the servers; says why when it cannot. */
  public Optional<String> moveSelf() throws IOException {
    if (!active) {
      return Optional.of("not pinned: that needs taskset and two processors");
    }
    Programs.Answer answer =
        Programs.run(
            List.of(
                "taskset",
                "-a",
                "-c",
                "-p",
                otherCpus,
                String.valueOf(ProcessHandle.current().pid())));
    return answer.succeeded() ? Optional.empty() : Optional.of("not pinned: " + answer.output());
  }

  private List<String> pinned(String cpus, List<String> command) {
    if (!active) {
      return command;
    }
    List<String> pinned = new ArrayList<>(List.of("taskset", "-c", cpus));
    pinned.addAll(command);
    return pinned;
  }
}
