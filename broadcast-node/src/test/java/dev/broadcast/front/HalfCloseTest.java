package dev.broadcast.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that ends its side at once behind its first request, as {@code nc -N} does. */
class HalfCloseTest {
  private static final String REQUEST = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @Test
  void itStillGetsItsAnswer() throws Exception {
    try (FrontNode node = FrontNode.start(List.of())) {
      for (int round = 0; round < 100; round++) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), node.uri().getPort())) {
          client.getOutputStream().write(REQUEST.getBytes(ISO_8859_1));
          client.shutdownOutput();
          String status = new String(client.getInputStream().readNBytes(12), ISO_8859_1);
          assertEquals("HTTP/1.1 200", status, "round " + round);
        }
      }
    }
  }
}
