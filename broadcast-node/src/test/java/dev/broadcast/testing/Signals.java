package dev.broadcast.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** SIGSTOP and SIGCONT for a child process, which Java itself cannot send. */
public final class Signals {

  private Signals() {}

  /** Stops a process; returns when it stands still, so that nothing sent later is served. */
  public static void stop(Process process) {
    send("-STOP", process);
    while (process.isAlive() && !standsStill(process)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Lets a stopped process go on. */
  public static void resume(Process process) {
    send("-CONT", process);
  }

  private static void send(String signal, Process process) {
    try {
      var kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).inheritIO();
      int status = kill.start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill " + signal + " ended with " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("kill " + signal, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Linux tells in {@code /proc/PID/stat}; elsewhere the signal is taken as delivered. */
  private static boolean standsStill(Process process) {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    try {
      if (!Files.exists(stat)) {
        return true;
      }
      String line = Files.readString(stat);
      return line.charAt(line.lastIndexOf(')') + 2) == 'T';
    } catch (IOException e) {
      return true;
    }
  }
}
