package dev.broadcast.api.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Answers requests with the words that a test gives it, one after another, and hangs up. */
final class ScriptedNode implements AutoCloseable {
  /** Ends an answer without hanging up. */
  static final String STAYS_OPEN = "\u0000";

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final List<Socket> sockets = new ArrayList<>();

  ScriptedNode(String... script) throws IOException {
    answers.addAll(List.of(script));
    Thread thread = new Thread(this::serve, "scripted-node");
    thread.setDaemon(true);
    thread.start();
  }

  static String stream(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + body;
  }

  static String answer(int status, String headers, String body) {
    return "HTTP/1.1 "
        + status
        + " Status\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\nConnection: close\r\n"
        + headers
        + "\r\n"
        + body;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** The next request: its lines, the body's being the last. */
  String request() throws InterruptedException {
    String request = requests.poll(20, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("no request came");
    }
    return request;
  }

  int unseen() {
    return requests.size();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        requests.add(read(socket));
        String answer = answers.poll();
        if (answer != null) {
          socket
              .getOutputStream()
              .write(answer.replace(STAYS_OPEN, "").getBytes(StandardCharsets.UTF_8));
        }
        if (answer == null || !answer.endsWith(STAYS_OPEN)) {
          socket.close();
        }
      } catch (IOException e) {
        // Closed, or the client was faster.
      }
    }
  }

  private static String read(Socket socket) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder head = new StringBuilder();
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append('\n');
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    char[] body = new char[length];
    int got = 0;
    while (got < length) {
      got += in.read(body, got, length - got);
    }
    return head.append(body).toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
