package dev.broadcast.loadtest.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.client.Usage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessTreeTest {
  @Test
  void readsUserAndSystemTimeBehindANameWithBlanksAndBrackets() {
    String stat =
        "42 (a) b (c)) S 1 42 42 0 -1 4194560 500 0 0 0 123 77 9 9 20 0 1 0 100 1000 50 1844 1 1\n";

    assertEquals(200, ProcessTree.cpuTicks(stat));
  }

  @Test
  void chargesWhatChildrenUse() throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder(List.of("sh", "-c", "sh -c 'while :; do :; done' & echo $!; wait"))
            .start();
    try {
      shell.inputReader().readLine();
      ProcessTree tree = new ProcessTree(shell.toHandle());

      long limit = System.nanoTime() + 20_000_000_000L;
      Usage usage = tree.usage();
      while (usage.cpuNanos() < 50_000_000 && System.nanoTime() < limit) {
        Thread.onSpinWait();
        usage = tree.usage();
      }

      assertTrue(usage.cpuNanos() >= 50_000_000, usage.toString());
      assertTrue(usage.rssBytes() > 100_000, usage.toString());
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly().waitFor();
    }
  }
}
