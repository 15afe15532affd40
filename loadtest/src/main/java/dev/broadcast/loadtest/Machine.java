package dev.broadcast.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.broadcast.loadtest.server.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Where and on what a benchmark ran; a figure without it says little.
 *
 * @param when the benchmark's start
 * @param cpu the processor's name and how many there are
 * @param system operating system and kernel
 * @param jdk what the Java servers ran on
 * @param pinning which processors the server had, and which the client
 * @param commit the project's commit, {@code -dirty} when it had changes
 */
public record Machine(
    Instant when, String cpu, String system, String jdk, String pinning, String commit) {

  static Machine look(Path java, Path project, String pinning) {
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        processor() + " × " + cpus(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        said(List.of(java.toString(), "-version")).lines().findFirst().orElse("unknown"),
        pinning,
        said(List.of("git", "-C", project.toString(), "describe", "--always", "--dirty")));
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"), UTF_8)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  // Not availableProcessors(): by now this program may be pinned to one.
  private static String cpus() {
    String online = said(List.of("getconf", "_NPROCESSORS_ONLN"));
    return online.isEmpty() ? String.valueOf(Runtime.getRuntime().availableProcessors()) : online;
  }

  private static String said(List<String> command) {
    try {
      Programs.Answer answer = Programs.run(command);
      return answer.succeeded() ? answer.output() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
