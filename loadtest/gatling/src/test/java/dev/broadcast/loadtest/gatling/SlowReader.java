package dev.broadcast.loadtest.gatling;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client that stops reading: Gatling's own never does. It opens its stream on a socket that takes
 * 4 KiB, looks away, and then reads all that it was sent, at once. A thread of its own.
 */
final class SlowReader {
  private static final Pattern NUMBERED = Pattern.compile("data: n (\\d+) ");
  private static final int CONNECT_MILLIS = 5_000;

  private final Thread thread;
  private volatile boolean whole;
  private volatile boolean ended;

  private SlowReader(URI cluster, String topic, long lookAwayMillis, long untilMillis) {
    thread = new Thread(() -> run(cluster, topic, lookAwayMillis, untilMillis), "slow-reader");
    thread.setDaemon(true);
  }

  /**
   * Starts one.
   *
   * @param lookAwayMillis how long it reads nothing
   * @param readMillis how long it reads then
   */
  static SlowReader start(URI cluster, String topic, long lookAwayMillis, long readMillis) {
    SlowReader reader =
        new SlowReader(
            cluster,
            topic,
            lookAwayMillis,
            System.currentTimeMillis() + lookAwayMillis + readMillis);
    reader.thread.start();
    return reader;
  }

  /** Whether it has come to its end with all messages since its first, once, in order. */
  boolean whole() {
    return ended && whole;
  }

  private void run(URI cluster, String topic, long lookAwayMillis, long until) {
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4 << 10);
      socket.connect(new InetSocketAddress(cluster.getHost(), cluster.getPort()), CONNECT_MILLIS);
      String request =
          "GET /events?topic="
              + topic
              + " HTTP/1.1\r\nHost: "
              + cluster.getAuthority()
              + "\r\nAccept: text/event-stream\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      Thread.sleep(lookAwayMillis); // a client that is busy with something else
      socket.setSoTimeout(CONNECT_MILLIS);
      read(socket.getInputStream(), until);
    } catch (IOException e) {
      whole = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended = true;
  }

  private void read(InputStream in, long until) throws IOException {
    StringBuilder rest = new StringBuilder();
    byte[] buffer = new byte[64 << 10];
    long last = 0;
    boolean gap = false;
    while (System.currentTimeMillis() < until) {
      int count = in.read(buffer);
      if (count < 0) {
        return; // it was ended although it reads again
      }
      rest.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      Matcher numbered = NUMBERED.matcher(rest);
      int end = 0;
      while (numbered.find()) {
        long number = Long.parseLong(numbered.group(1));
        gap |= last != 0 && number != last + 1;
        last = number;
        end = numbered.end();
      }
      rest.delete(0, Math.max(end, rest.length() - 64));
    }
    whole = last > 0 && !gap;
  }
}
