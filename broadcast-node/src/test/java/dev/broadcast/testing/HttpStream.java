package dev.broadcast.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One GET on a raw socket, its answer's head, and its body as it comes, close-delimited or chunked.
 * Closing it sends RST, as a vanished client's network would.
 */
public final class HttpStream implements AutoCloseable {

  private static final int MAX_LINE = 16 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final int status;
  private final Map<String, String> headers = new TreeMap<>();
  private final boolean chunked;
  private long remaining;

  /**
   * @param receiveBuffer bytes of the socket's receive buffer, 0 for the system's; a small one
   *     makes a client that stops reading felt at once
   */
  public HttpStream(URI node, String target, Map<String, String> requestHeaders, int receiveBuffer)
      throws IOException {
    socket = new Socket();
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      int timeout = (int) Duration.ofSeconds(5).toMillis();
      socket.connect(new InetSocketAddress(node.getHost(), node.getPort()), timeout);
      socket.setSoTimeout(timeout);
      var head = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
      head.append("Host: ").append(node.getAuthority()).append("\r\n");
      requestHeaders.forEach(
          (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      head.append("\r\n");
      socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
      // A client that means to read slowly must not have read ahead.
      int ahead = receiveBuffer > 0 ? 256 : 8192;
      in = new BufferedInputStream(socket.getInputStream(), ahead);
      status = Integer.parseInt(line().split(" ", 3)[1]);
      for (String line = line(); !line.isEmpty(); line = line()) {
        String[] field = line.split(":", 2);
        headers.put(field[0].toLowerCase(Locale.ROOT), field[1].strip());
      }
      chunked = "chunked".equalsIgnoreCase(header("transfer-encoding"));
      String length = header("content-length");
      remaining = chunked ? 0 : length.isEmpty() ? Long.MAX_VALUE : Long.parseLong(length);
      // A stream may be silent for as long as it likes.
      socket.setSoTimeout(0);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  public int status() {
    return status;
  }

  /** Whether an EventSource would take it. */
  public boolean isEventStream() {
    return status == 200 && header("content-type").startsWith("text/event-stream");
  }

  /** Empty when absent. */
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /**
   * Reads what is there up to {@code most} bytes, waiting for at least one.
   *
   * @return the number of bytes, -1 at the body's proper end
   * @throws IOException when the connection breaks, in chunked bodies also when it just ends
   */
  public int read(byte[] buffer, int most) throws IOException {
    if (chunked && remaining == 0 && !nextChunk()) {
      return -1;
    }
    if (remaining == 0) {
      return -1;
    }
    int wanted = (int) Math.min(most, remaining);
    int count = in.read(buffer, 0, wanted);
    if (count < 0) {
      if (chunked) {
        throw new EOFException("the connection ended within a chunked body");
      }
      return -1;
    }
    remaining -= count;
    if (chunked && remaining == 0) {
      line();
    }
    return count;
  }

  private boolean nextChunk() throws IOException {
    String size = line();
    remaining = Long.parseLong(size.split(";", 2)[0].strip(), 16);
    if (remaining == 0) {
      line();
    }
    return remaining > 0;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended within a line");
      }
      if (line.size() > MAX_LINE) {
        throw new IOException("line too long");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    if (!socket.isClosed()) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }
}
