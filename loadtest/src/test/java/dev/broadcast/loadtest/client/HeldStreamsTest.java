package dev.broadcast.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.broadcast.loadtest.client.TamperingServer.Framing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeldStreamsTest {
  @Test
  void opensAndClosesWaveAfterWave() throws IOException {
    try (TamperingServer server = server();
        HeldStreams streams = new HeldStreams(server.address(), "/events")) {
      for (int wave = 0; wave < 3; wave++) {
        streams.open(200);
        assertEquals(200 * (wave + 1), server.opened());
        streams.closeStreams();
      }
      assertEquals(0, streams.ended());
    }
  }

  @Test
  void countsStreamsThatTheServerEnds() throws IOException {
    TamperingServer server = server();
    try (HeldStreams streams = new HeldStreams(server.address(), "/events")) {
      streams.open(7);
      server.close();
      streams.hold(Duration.ofMillis(500));
      assertEquals(7, streams.ended());
    }
  }

  @Test
  void failsWhenNothingListens() throws IOException {
    InetSocketAddress nobody;
    try (TamperingServer server = server()) {
      nobody = server.address();
    }
    try (HeldStreams streams = new HeldStreams(nobody, "/events")) {
      assertThrows(IOException.class, () -> streams.open(1));
    }
  }

  private static TamperingServer server() throws IOException {
    return new TamperingServer(Framing.UNTIL_CLOSE, (stream, number, data) -> null);
  }
}
