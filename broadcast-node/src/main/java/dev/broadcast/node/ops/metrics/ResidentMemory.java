package dev.broadcast.node.ops.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the process takes of the machine's memory, which the JVM's own figures leave out. */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LINE = "VmRSS:";

  private ResidentMemory() {}

  /** Linux only; elsewhere the name is not there. */
  static void bindTo(MeterRegistry registry) {
    if (Files.isReadable(STATUS)) {
      Gauge.builder("process.resident.memory.bytes", ResidentMemory::bytes)
          .description("Resident memory.")
          .register(registry);
    }
  }

  private static double bytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(LINE)) {
          String kib = line.substring(LINE.length()).replace("kB", "").strip();
          return Long.parseLong(kib) * 1024.0;
        }
      }
    } catch (IOException e) {
      // Said by the figure itself.
    }
    return Double.NaN;
  }
}
