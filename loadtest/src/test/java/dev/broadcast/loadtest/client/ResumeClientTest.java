package dev.broadcast.loadtest.client;

import static dev.broadcast.loadtest.client.TamperingServer.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.broadcast.loadtest.client.TamperingServer.Framing;
import dev.broadcast.loadtest.client.TamperingServer.Replay;
import dev.broadcast.loadtest.client.TamperingServer.Tampering;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Clients that come back to a server that tampers with what it replays. */
class ResumeClientTest {
  private static final int RESUMING = 5;
  private static final int BEHIND = 20;

  @Test
  void findsNothingWrongWithAServerThatReplaysEverything() throws IOException {
    ResumeResult result = run(missed -> missed);

    assertEquals(List.of(), result.faults());
    assertEquals(RESUMING * BEHIND, result.replayed());
    assertTrue(result.caughtUpSeconds() > 0, result.toString());
    assertTrue(result.before().p99() > 0 && result.during().p99() >= 0, result.toString());
  }

  @Test
  void catchesAMessageThatIsNotReplayed() throws IOException {
    ResumeResult result = run(once(missed -> missed.remove(3)));

    assertEquals(List.of("1 lost"), result.faults());
  }

  @Test
  void catchesAMessageThatIsReplayedTwice() throws IOException {
    ResumeResult result = run(once(missed -> missed.add(missed.get(missed.size() - 1))));

    assertEquals(List.of("1 duplicated"), result.faults());
  }

  @Test
  void catchesMessagesThatAreReplayedInAnotherOrder() throws IOException {
    ResumeResult result = run(once(missed -> missed.add(5, missed.remove(4))));

    assertEquals(List.of("1 reordered"), result.faults());
  }

  @Test
  void catchesAResetWhereHistoryHeldEverything() throws IOException {
    ResumeResult result =
        run(once(missed -> missed.add(0, "event: reset\ndata: {\"reason\":\"trimmed\"}\n\n")));

    assertEquals(List.of("1 resets"), result.faults());
  }

  @Test
  void chargesTheStormForALiveMessageThatWaits() throws IOException {
    // The last of those that come back keeps the server from publishing for half a second.
    AtomicInteger back = new AtomicInteger();
    ResumeResult result =
        run(
            missed -> {
              if (back.incrementAndGet() == RESUMING) {
                pause(500);
              }
              return missed;
            });

    assertEquals(List.of(), result.faults());
    assertTrue(result.during().p99() > 300, result.toString());
    assertTrue(result.before().p99() < 300, result.toString());
  }

  @Test
  void refusesAServerWithoutIds() {
    assertThrows(
        IOException.class,
        () ->
            run(
                (stream, number, data) -> List.of("data: " + data + "\n\n"),
                missed -> missed));
  }

  private interface Change {
    void to(List<String> missed);
  }

  /** For the first that comes back only. */
  private static Replay once(Change change) {
    AtomicInteger back = new AtomicInteger();
    return missed -> {
      if (back.getAndIncrement() == 0) {
        change.to(missed);
      }
      return missed;
    };
  }

  private static ResumeResult run(Replay replay) throws IOException {
    return run((stream, number, data) -> event(number, data), replay);
  }

  private static ResumeResult run(Tampering tampering, Replay replay) throws IOException {
    try (TamperingServer server =
        new TamperingServer(Framing.UNTIL_CLOSE, tampering).replaying(replay)) {
      return ResumeClient.run(
          new ResumePlan(
              server.address(),
              "/events",
              PublishFormat.TEXT,
              3,
              RESUMING,
              BEHIND,
              50,
              Duration.ofMillis(200),
              Duration.ofSeconds(3),
              64),
          () -> Usage.NONE);
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
