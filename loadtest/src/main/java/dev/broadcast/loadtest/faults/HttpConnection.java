package dev.broadcast.loadtest.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** HTTP/1.1 on a socket, as far as the suite needs it. One thread; {@link #reset} from any. */
final class HttpConnection implements Closeable {
  private final Socket socket = new Socket();
  private final InetSocketAddress to;
  private final InputStream in;

  /**
   * @param receiveBuffer of the socket in bytes; 0 as the system likes
   * @param silenceMillis how long nothing may come before reading fails
   */
  HttpConnection(InetSocketAddress to, int receiveBuffer, int silenceMillis) throws IOException {
    this.to = to;
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(silenceMillis);
      socket.connect(to, silenceMillis);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** An answer's head, and its body to be read. */
  record Answer(int status, Map<String, String> headers, InputStream body) {
    String text() throws IOException {
      return new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  Answer ask(String method, String target, Map<String, String> headers, byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(to.getHostString()).append(':').append(to.getPort());
    headers.forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    if (body.length > 0) {
      head.append("\r\nContent-Length: ").append(body.length);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n\r\n").toString().getBytes(ISO_8859_1));
    all.writeBytes(body);
    socket.getOutputStream().write(all.toByteArray());
    return answer();
  }

  private Answer answer() throws IOException {
    String[] status = line().split(" ", 3);
    if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
      throw new IOException("no HTTP answer: " + String.join(" ", status));
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    String length = headers.get("content-length");
    InputStream body =
        "chunked".equalsIgnoreCase(headers.get("transfer-encoding"))
            ? new Chunks()
            : length == null ? in : new Counted(Long.parseLong(length));
    return new Answer(Integer.parseInt(status[1]), headers, body);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("ended within the answer's head");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Ends it with RST: what was on its way is lost. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It was on its way out anyway.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** A body of known length. */
  private class Counted extends InputStream {
    long left;

    Counted(long left) {
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(to, from, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("ended within the answer's body");
      }
      left -= count;
      return count;
    }
  }

  /** A body in chunks. */
  private final class Chunks extends Counted {
    private boolean first = true;
    private boolean last;

    Chunks() {
      super(0);
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      if (left == 0 && !last) {
        if (!first) {
          line();
        }
        first = false;
        left = Long.parseLong(line().split(";", 2)[0].strip(), 16);
        if (left == 0) {
          last = true;
          line();
        }
      }
      return super.read(to, from, length);
    }
  }
}
