package dev.broadcast.loadtest.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fault suite beyond one Redis, always the same short runs: masters die under sentinels and in
 * a Cluster, replicas that lag take over, slots move.
 */
class FailoverIT {
  private static final String SEED = "20260102";

  @ParameterizedTest
  @ValueSource(
      strings = {"sentinel-lag", "replicas-kill", "cluster-kill,cluster-lag,cluster-move-slot"})
  @Timeout(300)
  void everyPromiseIsKeptWhoeverIsMaster(String faults, @TempDir Path directory) {
    StringWriter said = new StringWriter();
    int status =
        Faults.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(
                "--seed",
                SEED,
                "--clients",
                "30",
                "--faults",
                faults,
                "--project",
                "..",
                "--out",
                directory.resolve("out").toString());
    System.out.println(said);
    assertEquals(0, status, said.toString());
  }
}
