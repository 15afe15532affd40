package dev.broadcast.loadtest.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveHeapTest {
  @Test
  void readsTheHistogramsTotal() {
    String histogram =
        """
        4711:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         12345        1234560  [B (java.base@17.0.15)
           2:             9            216  dev.Total 7 8
        Total         12354        1234776
        """;

    assertEquals(OptionalLong.of(1_234_776), LiveHeap.total(histogram));
    assertEquals(OptionalLong.empty(), LiveHeap.total("4711: no such process"));
  }

  @Test
  void weighsAServerWithAFixedHeap(@TempDir Path directory) throws IOException {
    Surroundings surroundings =
        new Surroundings(
                directory,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                List.of("-XX:+UseSerialGC", "-Xmx2g"),
                System.getProperty("java.class.path"),
                directory,
                new Pinning("0", "0", false))
            .withFixedHeap("100m");

    try (RunningServer server = new VertxPlain().start(surroundings)) {
      long live = server.liveHeapAfterGc().orElseThrow();
      long resident = server.usage().rssBytes();

      assertTrue(live > 1_000_000 && live < 30_000_000, "live heap " + live);
      assertTrue(resident > 100_000_000 && resident < 300_000_000, "resident " + resident);
    }
  }

  @Test
  void saysNothingAboutAProcessThatIsNotThere() {
    LiveHeap heap = LiveHeap.of(Path.of(System.getProperty("java.home"), "bin", "java"));

    assertEquals(OptionalLong.empty(), heap.bytesAfterGc(999_999_999));
  }
}
