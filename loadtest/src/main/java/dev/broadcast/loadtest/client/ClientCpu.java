package dev.broadcast.loadtest.client;

import java.lang.management.ManagementFactory;

/** What this program itself has used. */
final class ClientCpu {
  private ClientCpu() {}

  static long nanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}
