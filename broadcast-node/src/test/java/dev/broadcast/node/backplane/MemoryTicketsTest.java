package dev.broadcast.node.backplane;

import static dev.broadcast.node.backplane.TestNode.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryTicketsTest extends TicketsContractTest {
  private final ExecutorService hubThread = Executors.newSingleThreadExecutor();
  private final Tickets tickets = new MemoryTickets(hubThread, InstantSource.system(), null);

  @Override
  Tickets tickets() {
    return tickets;
  }

  @Override
  Tickets others() {
    return tickets;
  }

  @Test
  void whoBuysTooManyPushesTheOldestOutAndNotTheNode() {
    for (int i = 0; i <= MemoryTickets.MOST; i++) {
      var unused = tickets.put("t" + i, "x", Duration.ofMinutes(1));
    }
    assertEquals(Optional.empty(), get(tickets.take("t0")));
    assertEquals(Optional.of("x"), get(tickets.take("t1")));
  }

  @AfterEach
  void end() {
    hubThread.shutdownNow();
  }
}
