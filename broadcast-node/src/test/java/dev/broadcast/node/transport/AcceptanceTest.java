package dev.broadcast.node.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcceptanceTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private final EmbeddedChannel listening =
      new EmbeddedChannel(
          new Acceptance(new IncomingLimits(LONG, LONG, 1 << 20, LONG), new Arrivals()));
  private final List<EmbeddedChannel> accepted = new ArrayList<>();

  @AfterEach
  void close() {
    accepted.forEach(EmbeddedChannel::finishAndReleaseAll);
    listening.finishAndReleaseAll();
  }

  @Test
  void acceptsNoMoreUntilEveryLoopHasLookedAfterWhatItGot() {
    accept(16);
    assertFalse(listening.config().isAutoRead());

    accepted.subList(0, 15).forEach(AcceptanceTest::turn);
    assertFalse(listening.config().isAutoRead(), "one loop is still busy");

    turn(accepted.get(15));
    assertTrue(listening.config().isAutoRead());
  }

  @Test
  void neverWaitsForAFew() {
    accept(15);

    assertTrue(listening.config().isAutoRead());
  }

  private void accept(int count) {
    for (int i = 0; i < count; i++) {
      EmbeddedChannel channel = new EmbeddedChannel();
      accepted.add(channel);
      listening.pipeline().fireChannelRead(channel);
    }
    listening.pipeline().fireChannelReadComplete();
  }

  private static void turn(EmbeddedChannel channel) {
    channel.runPendingTasks();
    channel.runScheduledPendingTasks();
  }
}
