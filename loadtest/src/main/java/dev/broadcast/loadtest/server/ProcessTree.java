package dev.broadcast.loadtest.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.broadcast.loadtest.client.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a process and all below it have used, from {@code /proc} (Linux; nothing elsewhere). */
final class ProcessTree {
  private static final Path PROC = Path.of("/proc");
  private static final long TICK_NANOS = 1_000_000_000L / ticksPerSecond();
  private static final long PAGE_BYTES = pageBytes();

  private final ProcessHandle root;

  ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  /** User and system time of every live process in the tree, and their resident memory. */
  Usage usage() {
    long cpu = 0;
    long rss = 0;
    for (ProcessHandle process : Stream.concat(Stream.of(root), root.descendants()).toList()) {
      Path directory = PROC.resolve(String.valueOf(process.pid()));
      try {
        cpu += cpuTicks(Files.readString(directory.resolve("stat"), ISO_8859_1)) * TICK_NANOS;
        rss +=
            Long.parseLong(
                    Files.readString(directory.resolve("statm"), ISO_8859_1).split(" ", -1)[1])
                * PAGE_BYTES;
      } catch (IOException e) {
        // It ended meanwhile, or this is not Linux.
      }
    }
    return new Usage(cpu, rss);
  }

  /** Fields 14 and 15 of proc(5)'s stat; field 2, the name, may hold blanks and brackets. */
  static long cpuTicks(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static long ticksPerSecond() {
    return number("CLK_TCK", 100);
  }

  private static long pageBytes() {
    return number("PAGESIZE", 4096);
  }

  private static long number(String name, long otherwise) {
    try {
      return Long.parseLong(Programs.run(List.of("getconf", name)).output());
    } catch (IOException | NumberFormatException e) {
      return otherwise;
    }
  }
}
