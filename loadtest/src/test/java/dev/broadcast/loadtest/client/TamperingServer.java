package dev.broadcast.loadtest.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A small SSE server, a thread a connection, that does to the events of each stream what a test
 * asks. Publishes are carried out one at a time.
 */
final class TamperingServer implements AutoCloseable {
  /** How a stream's body is framed. */
  enum Framing {
    UNTIL_CLOSE,
    /** Chunks of at most seven bytes, so that every event is cut. */
    CHUNKED
  }

  /** Decides what one stream gets for the n-th publish (from 1); {@code null} ends the stream. */
  @FunctionalInterface
  interface Tampering {
    List<String> events(int stream, int number, String data) throws IOException;
  }

  /** Decides what a client gets that comes back; the events it missed are given whole. */
  @FunctionalInterface
  interface Replay {
    List<String> events(List<String> missed);
  }

  /** One open stream. */
  private record Stream(OutputStream out, String topic) {}

  private final ServerSocket listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new ArrayList<>();
  private final List<Stream> streams = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final Framing framing;
  private final Tampering tampering;
  private final Function<Integer, Integer> status;
  private Replay replay = missed -> missed;
  private int publishes;

  TamperingServer(Framing framing, Tampering tampering) throws IOException {
    this(framing, tampering, number -> 200);
  }

  TamperingServer(Framing framing, Tampering tampering, Function<Integer, Integer> status)
      throws IOException {
    this.framing = framing;
    this.tampering = tampering;
    this.status = status;
    daemon(this::accept);
  }

  /** Says what clients get that come back with an id: a publish's number. */
  TamperingServer replaying(Replay how) {
    replay = how;
    return this;
  }

  /** An event that a client can come back with. */
  static List<String> event(int number, String data) {
    return List.of("id: " + number + "\ndata: " + data + "\n\n");
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  static List<String> event(String data) {
    return List.of("id: 1\ndata: " + data + "\n\n");
  }

  /** Streams that were opened and not ended by the server. */
  synchronized int opened() {
    return streams.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    synchronized (this) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket socket = listener.accept();
      socket.setTcpNoDelay(true);
      synchronized (this) {
        sockets.add(socket);
      }
      daemon(() -> serve(socket));
    }
  }

  private void serve(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    while (true) {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return;
        }
        head.append((char) next);
      }
      String topic = between(head.toString(), "topic=", " ");
      if (head.indexOf("GET ") == 0) {
        open(out, topic, between(head.toString(), "Last-Event-ID: ", "\r"));
      } else {
        int length = Integer.parseInt(between(head.toString(), "Content-Length: ", "\r"));
        String body = new String(in.readNBytes(length), ISO_8859_1);
        if (head.indexOf("ndjson") > 0) {
          for (String item : body.strip().split("\n", -1)) {
            String named = between(item, "\"topic\":\"", "\"");
            publish(named.isEmpty() ? topic : named, between(item, "\"data\":\"", "\""));
          }
        } else {
          publish(topic, body);
        }
        int answer = status.apply(publishes);
        write(out, "HTTP/1.1 " + answer + " X\r\nContent-Length: 2\r\n\r\n{}");
      }
    }
  }

  /** Empty when it is not there. */
  private static String between(String text, String before, String after) {
    int at = text.indexOf(before);
    return at < 0
        ? ""
        : text.substring(at + before.length(), text.indexOf(after, at + before.length()));
  }

  private synchronized void open(OutputStream out, String topic, String lastEventId)
      throws IOException {
    String coding = framing == Framing.CHUNKED ? "Transfer-Encoding: chunked\r\n" : "";
    write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + coding + "\r\n");
    frame(out, "event: connected\ndata: {}\n\n: data: not a message\n\n");
    if (!lastEventId.isEmpty()) {
      List<String> missed = history.subList(Integer.parseInt(lastEventId), history.size());
      for (String event : replay.events(new ArrayList<>(missed))) {
        frame(out, event);
      }
    }
    streams.add(new Stream(out, topic));
  }

  private synchronized void publish(String topic, String data) throws IOException {
    publishes++;
    history.addAll(event(publishes, data));
    for (int i = 0; i < streams.size(); i++) {
      if (!streams.get(i).topic().equals(topic)) {
        continue;
      }
      List<String> events = tampering.events(i, publishes, data);
      if (events == null) {
        streams.get(i).out().close();
        streams.remove(i--);
        continue;
      }
      for (String event : events) {
        try {
          frame(streams.get(i).out(), event);
        } catch (IOException e) {
          // The client hung up.
        }
      }
    }
  }

  private void frame(OutputStream out, String text) throws IOException {
    if (framing == Framing.UNTIL_CLOSE) {
      write(out, text);
      return;
    }
    for (int at = 0; at < text.length(); at += 7) {
      String piece = text.substring(at, Math.min(text.length(), at + 7));
      write(out, Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
  }

  @FunctionalInterface
  private interface Task {
    void run() throws IOException;
  }

  private static void daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException | UncheckedIOException e) {
                // The test is over, or the client hung up.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
