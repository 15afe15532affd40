package dev.broadcast.node;

import dev.broadcast.node.ops.Settings;
import dev.broadcast.node.ops.SettingsReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Does once what every node does in its first second, and ends: the JVM notes which classes that
 * takes and puts them into an archive, from which the next start has them ready ({@code
 * -XX:ArchiveClassesAtExit}; {@code ./broadcast} does this after a build). Asked for by the system
 * property {@code broadcast.rehearsal}.
 */
final class Rehearsal {
  /** Where nobody listens: the driver's classes are wanted, not a Redis. */
  private static final String NO_REDIS = "redis://127.0.0.1:9";

  private static final int PATIENCE_SECONDS = 30;

  private Rehearsal() {}

  static void run(PrintWriter err) throws IOException {
    BroadcastNode alone = start(err);
    try (Socket stream = send(alone, "GET", "", "Accept: text/event-stream\r\n");
        BufferedReader events = reader(stream)) {
      await(events, "event: connected");
      String body = "{\"topic\":\"global\",\"type\":\"update\",\"data\":{\"a\":1}}";
      String head = "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
      try (Socket publish = send(alone, "POST", body, head);
          BufferedReader answer = reader(publish)) {
        await(answer, "HTTP/1.1 200");
      }
      await(events, "data: ");
    }
    stop(alone);
    stop(start(err, "--redis-url=" + NO_REDIS));
  }

  private static BroadcastNode start(PrintWriter err, String... more) {
    String[] flags = new String[more.length + 2];
    flags[0] = "--port=0";
    flags[1] = "--drain=100ms";
    System.arraycopy(more, 0, flags, 2, more.length);
    Settings settings = new SettingsReader(Map.of(), err, err).read(flags).settings();
    if (settings == null) {
      throw new IllegalStateException("the rehearsal's own flags are wrong");
    }
    return BroadcastNode.start(settings, err::println)
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private static void stop(BroadcastNode node) {
    node.stop().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private static Socket send(BroadcastNode node, String method, String body, String headers)
      throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
    socket.setSoTimeout(PATIENCE_SECONDS * 1000);
    String request = method + " /events HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n" + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void await(BufferedReader lines, String start) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(start)) {
        return;
      }
    }
    throw new IOException("the node ended before it said " + start);
  }
}
