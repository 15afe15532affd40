package dev.broadcast.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionGuardTest {
  private static final Duration HEAD = Duration.ofSeconds(5);
  private static final Duration LONG = Duration.ofMinutes(1);
  private final Arrivals arrivals = new Arrivals();
  private final EmbeddedChannel client = new EmbeddedChannel();

  @BeforeEach
  void accept() {
    client.freezeTime();
    client
        .pipeline()
        .addFirst(new ConnectionGuard(new IncomingLimits(HEAD, LONG, 1 << 20, LONG), arrivals));
  }

  @AfterEach
  void close() {
    client.finishAndReleaseAll();
  }

  @Test
  void aSingleClientIsHeardInTheNextTurn() {
    send(bytes("GET"));
    assertNull(client.readInbound());
    assertTrue(client.config().isAutoRead());

    turn();
    assertEquals("GET", read());
    send(bytes(" /events"));
    assertEquals(" /events", read());
  }

  @Test
  void ofWhomThereAreTooManyForTheNextTurnNoMoreIsRead() {
    others();
    send(bytes("GET"));

    assertNull(client.readInbound());
    assertFalse(client.config().isAutoRead(), "more would be read from it");

    turn();
    assertEquals("GET", read());
    assertTrue(client.config().isAutoRead());
  }

  @Test
  void nothingOfWhatCameMeanwhileIsLost() {
    others();
    send(bytes("GET"));
    send(bytes(" /events"));

    turn();
    assertEquals("GET", read());
    assertEquals(" /events", read());
  }

  @Test
  void whoHasGoneMeanwhileLeavesNothing() {
    others();
    ByteBuf sent = bytes("GET");
    send(sent);
    // As when the channel is closed; closing an embedded one takes a turn first.
    client.pipeline().remove(ConnectionGuard.class);

    assertEquals(0, sent.refCnt());
    turn();
    assertNull(client.readInbound());
  }

  @Test
  void theTimeForHeadDoesNotRunWhileTheNodeLetsItWait() {
    others();
    send(bytes("GET"));
    client.advanceTimeBy(HEAD.toMillis() + 1, TimeUnit.MILLISECONDS);
    turn();

    assertEquals("GET", read());
    assertTrue(client.isOpen());
    assertNull(client.readOutbound());
  }

  @Test
  void whoSaysNothingIsToldSo() {
    client.advanceTimeBy(HEAD.toMillis() + 1, TimeUnit.MILLISECONDS);
    turn();

    ByteBuf answer = client.readOutbound();
    assertTrue(answer.toString(StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 408 "));
    answer.release();
  }

  /** As many as one turn hears. */
  private void others() {
    for (int i = 0; i < Arrivals.PER_TURN; i++) {
      assertTrue(arrivals.of(client.eventLoop()).await(() -> {}));
    }
  }

  private void turn() {
    client.runScheduledPendingTasks();
  }

  /** Without the turn that {@code writeInbound} takes. */
  private void send(ByteBuf bytes) {
    client.pipeline().fireChannelRead(bytes);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private String read() {
    ByteBuf bytes = client.readInbound();
    try {
      return bytes.toString(StandardCharsets.ISO_8859_1);
    } finally {
      bytes.release();
    }
  }
}
