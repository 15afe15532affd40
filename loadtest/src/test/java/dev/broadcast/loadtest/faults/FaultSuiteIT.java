package dev.broadcast.loadtest.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short run of the fault suite, always the same one. The long one is {@code loadtest/faults}; its
 * faults are all there.
 */
class FaultSuiteIT {
  private static final String SEED = "20260101";

  @Test
  @Timeout(300)
  void everyPromiseIsKeptWhateverGoesWrong(@TempDir Path directory) {
    StringWriter said = new StringWriter();
    int status =
        Faults.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(
                "--seed",
                SEED,
                "--pairs",
                "--clients",
                "30",
                "--faults",
                "node-stop,redis-kill,redis-power-cut,redis-empty,redis-clients-cut,redis-del-stream,clients-storm",
                "--project",
                "..",
                "--out",
                directory.resolve("out").toString());
    System.out.println(said);
    assertEquals(0, status, said.toString());
  }
}
