package dev.broadcast.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Sends bytes as they are and reads one answer. Characters are bytes (ISO 8859-1). */
final class RawClient implements AutoCloseable {
  /** An answer; header names in lower case. */
  record Answer(int status, Map<String, String> headers, String body, boolean closed) {}

  final Socket socket;
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBuffer in bytes; 0 for the system's
   */
  RawClient(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(8_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static Answer exchange(int port, String request) throws IOException {
    try (var client = new RawClient(port)) {
      client.send(request);
      return client.answer();
    }
  }

  void send(String bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    } catch (SocketException e) {
      // Answered and closed before all was sent: the answer is what counts.
    }
  }

  /** Reads a head, and its body as far as its length is known. */
  Answer answer() throws IOException {
    String head = head();
    if (head.isEmpty()) {
      return new Answer(0, Map.of(), "", true);
    }
    String[] lines = head.split("\r\n", -1);
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length - 2; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
    String body = new String(in.readNBytes(length), ISO_8859_1);
    return new Answer(status, headers, body, "close".equals(headers.get("connection")));
  }

  /** The next line of a body, without its end. */
  String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n' && b >= 0; b = in.read()) {
      line.append((char) b);
    }
    return line.toString();
  }

  /** Whether the other side has closed, or does now. */
  boolean ends() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  private String head() throws IOException {
    var head = new ByteArrayOutputStream();
    try {
      while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = in.read();
        if (b < 0) {
          return "";
        }
        head.write(b);
      }
    } catch (SocketException reset) {
      return "";
    }
    return head.toString(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
