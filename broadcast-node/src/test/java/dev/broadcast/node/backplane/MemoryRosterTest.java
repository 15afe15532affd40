package dev.broadcast.node.backplane;

import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

class MemoryRosterTest extends RosterContractTest {
  private final ExecutorService hubThread = Executors.newSingleThreadExecutor();

  @Override
  Roster roster() {
    return new MemoryRoster("n1", hubThread, InstantSource.system());
  }

  @Override
  void end(Roster roster) {
    hubThread.shutdownNow();
  }

  @AfterEach
  void end() {
    hubThread.shutdownNow();
  }
}
