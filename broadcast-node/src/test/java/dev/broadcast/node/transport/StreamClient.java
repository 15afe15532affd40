package dev.broadcast.node.transport;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client that reads only when told to, so that the server's socket, or window, fills. */
interface StreamClient extends AutoCloseable {
  /** Exactly so many bytes of the body, fewer at its end. */
  byte[] read(int count) throws IOException;

  /** The response's head: status line and headers, one a line, names in lower case. */
  String head();

  @Override
  void close() throws IOException;

  static StreamClient connect(StreamServer server) throws Exception {
    return switch (server.way) {
      case HTTP2 -> new Http2(server.port());
      case DETACHED_TLS -> new Http1(server.port(), true);
      default -> new Http1(server.port(), false);
    };
  }

  /** On a plain socket with a small buffer. */
  final class Http1 implements StreamClient {
    static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    final Socket socket;
    private final boolean tls;
    private String head = "";
    private InputStream body = InputStream.nullInputStream();

    Http1(int port, boolean tls) throws Exception {
      this(port, tls, REQUEST);
    }

    Http1(int port, boolean tls, String request) throws Exception {
      this.tls = tls;
      Socket plain = new Socket();
      plain.setReceiveBufferSize(32 << 10);
      plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
      plain.setSoTimeout(10_000);
      socket = tls ? encrypted(plain) : plain;
      send(request);
    }

    Http1(int port) throws Exception {
      this(port, false);
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public String head() {
      try {
        return readHead();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    /** The head of the next response, when the body of this one has been read. */
    String nextHead() {
      head = "";
      return head();
    }

    private String readHead() throws IOException {
      if (head.isEmpty()) {
        InputStream in = socket.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
          int next = in.read();
          if (next < 0) {
            throw new IOException("ended in the head: " + text);
          }
          text.append((char) next);
        }
        head = text.toString().toLowerCase(java.util.Locale.ROOT);
        body = head.contains("transfer-encoding: chunked") ? new Dechunked(in) : in;
      }
      return head;
    }

    @Override
    public byte[] read(int count) throws IOException {
      readHead();
      return body.readNBytes(count);
    }

    @Override
    public void close() throws IOException {
      if (tls && !socket.isClosed()) {
        // An SSLSocket's close waits for a reader that stalls.
        socket.setSoLinger(true, 0);
      }
      socket.close();
    }

    private static SSLSocket encrypted(Socket plain) throws Exception {
      SSLContext context = SSLContext.getInstance("TLS");
      X509TrustManager anybody =
          new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
              return new X509Certificate[0];
            }
          };
      context.init(null, new TrustManager[] {anybody}, null);
      SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
      socket.startHandshake();
      return socket;
    }
  }

  /** Over HTTP/2 with prior knowledge and Vert.x' client; its window is 64 KiB. */
  final class Http2 implements StreamClient {
    private static final Buffer END = Buffer.buffer();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final HttpClientResponse response;
    private final BlockingQueue<Buffer> came = new LinkedBlockingQueue<>();
    private Buffer open = Buffer.buffer();
    private volatile Throwable broken;

    Http2(int port) {
      client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setDefaultPort(port)
                  .setDefaultHost("127.0.0.1")
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setHttp2ClearTextUpgrade(false));
      response = request("/");
      response.handler(came::add);
      response.endHandler(end -> came.add(END));
      response.exceptionHandler(
          e -> {
            broken = e;
            came.add(END);
          });
    }

    /** Another stream on the same connection, paused. */
    HttpClientResponse request(String path) {
      return StreamServer.await(
          client
              .request(HttpMethod.GET, path)
              .compose(request -> request.send())
              .onSuccess(HttpClientResponse::pause));
    }

    @Override
    public String head() {
      StringBuilder head = new StringBuilder("" + response.statusCode());
      response.headers().forEach((name, value) -> head.append("\r\n" + name + ": " + value));
      return head.toString();
    }

    @Override
    public byte[] read(int count) throws IOException {
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      while (read.size() < count && open != END) {
        if (open.length() == 0) {
          response.fetch(1);
          try {
            Buffer next = came.poll(10, TimeUnit.SECONDS);
            if (next == null) {
              throw new IOException("nothing came");
            }
            open = next;
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          continue;
        }
        int length = Math.min(count - read.size(), open.length());
        read.write(open.getBytes(0, length));
        open = open.slice(length, open.length());
      }
      if (broken != null) {
        throw new IOException(broken);
      }
      return read.toByteArray();
    }

    @Override
    public void close() {
      StreamServer.await(vertx.close());
    }
  }

  /** The body of a chunked response. */
  final class Dechunked extends InputStream {
    private final InputStream in;
    private int left;
    private boolean ended;

    Dechunked(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0 && !ended) {
        left = Integer.parseInt(line(), 16);
        ended = left == 0;
      }
      if (ended) {
        return -1;
      }
      int read = in.read(bytes, offset, Math.min(length, left));
      if (read < 0) {
        throw new IOException("ended in a chunk");
      }
      left -= read;
      if (left == 0) {
        line();
      }
      return read;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new IOException("ended before a chunk");
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }
  }
}
