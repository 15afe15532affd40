package dev.broadcast.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for processes that are killed and come back at the same place. */
public final class Ports {

  private Ports() {}

  /**
   * A free port below the range from which systems pick ports for outgoing connections: between a
   * process's death and its return one of those would take it now and then.
   */
  public static int free() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken; another one.
      }
    }
    throw new IllegalStateException("no free port between 15000 and 32000");
  }
}
