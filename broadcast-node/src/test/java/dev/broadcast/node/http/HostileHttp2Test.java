package dev.broadcast.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.broadcast.node.BroadcastNode;
import dev.broadcast.node.ops.SettingsReader;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is wrong with a request of HTTP/2, as frames on a socket. What is not HTTP/2 at all ends the
 * stream or the connection (RFC 9113, 8.1.1); what is gets a problem document as everywhere else;
 * and nobody makes the node write stacks into its log.
 */
class HostileHttp2Test {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int WITH_PRIORITY = 32;
  private static final int FRAME = 16_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final Handler log =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          if (entry.getLevel().intValue() > Level.INFO.intValue()) {
            errors.add(entry.getLoggerName() + ": " + entry.getMessage() + " " + entry.getThrown());
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private BroadcastNode node;

  /** Names and values as they are to be written, and the answer's status and problem's field. */
  record Case(String name, List<String> head, int status, String field) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeEach
  void start() throws Exception {
    Logger.getLogger("").addHandler(log);
    var nowhere = new PrintWriter(Writer.nullWriter());
    var settings =
        new SettingsReader(Map.of(), nowhere, nowhere).read("--port=0", "--drain=1s").settings();
    node = BroadcastNode.start(settings, message -> {}).get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    node.stop().get(20, TimeUnit.SECONDS);
    Logger.getLogger("").removeHandler(log);
  }

  static List<Case> requests() {
    return List.of(
        new Case("a long header", get("/status", "x", "a".repeat(40_000)), 431, "headers"),
        new Case("a longer header", get("/status", "x", "a".repeat(100_000)), 431, "headers"),
        new Case("a long path", get("/status?" + "a".repeat(40_000)), 414, "request line"),
        new Case(
            "a cursor of 20 KiB",
            get("/history?topic=a", "last-event-id", "a".repeat(20_000)),
            200,
            ""),
        new Case("a path that is none", get("/%zz"), 400, "path"),
        new Case("a path that is no UTF-8", get("/connections/%FF"), 400, "path"),
        new Case("a method that is not there", head("BREW", "/status"), 405, ""),
        new Case(
            "two credentials",
            get("/status", "authorization", "a", "authorization", "b"),
            400,
            "Authorization"),
        new Case(
            "a tunnel", List.of(":method", "CONNECT", ":authority", "localhost:80"), 400, "path"),
        new Case(
            "another host",
            List.of(
                ":method",
                "GET",
                ":scheme",
                "http",
                ":authority",
                "evil.example",
                ":path",
                "/status"),
            403,
            "Host"));
  }

  private static List<String> get(String path, String... more) {
    return head("GET", path, more);
  }

  private static List<String> head(String method, String path, String... more) {
    List<String> head =
        new ArrayList<>(
            List.of(
                ":method", method, ":scheme", "http", ":authority", "localhost", ":path", path));
    head.addAll(List.of(more));
    return head;
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aWrongRequestIsToldWhatIsWrongAndHarmsNoOther(Case c) throws Exception {
    try (var peer = new Peer(node.port())) {
      peer.request(1, get("/events?topic=other"), true);
      peer.awaitText(1, "connected");
      peer.request(3, c.head, true);
      peer.awaitEnd(3);

      assertEquals(c.status, Integer.parseInt(peer.head(3).status().toString()));
      if (c.status >= 400) {
        assertEquals("application/problem+json", peer.head(3).get("content-type").toString());
        JsonNode problem = JSON.readTree(peer.text(3));
        assertEquals(c.field, problem.path("field").asText());
      }
      // The other stream is as well as ever.
      peer.request(
          5, head("POST", "/events?topic=other&type=t", "content-type", "text/plain"), false);
      peer.frame(DATA, END_STREAM, 5, "still here".getBytes(ISO_8859_1));
      peer.awaitText(1, "still here");
    }
    assertEquals(List.of(), errors);
  }

  @Test
  void whoBreaksTheProtocolLeavesNoStackInTheLog() throws Exception {
    for (byte[] settings : new byte[][] {{1, 2, 3}, {0, 4, -1, -1, -1, -1}, {0, 5, 0, 0, 0, 1}}) {
      try (var peer = new Peer(node.port())) {
        peer.frame(SETTINGS, 0, 0, settings);
        peer.awaitGoodbye();
      }
    }
    // A stream whose request has a body that never ends, cancelled.
    try (var peer = new Peer(node.port())) {
      peer.request(1, get("/events?topic=t"), false);
      peer.awaitText(1, "connected");
      peer.frame(RESET, 0, 1, new byte[] {0, 0, 0, 8});
      peer.request(3, get("/status"), true);
      peer.awaitEnd(3);
      assertTrue(peer.text(3).contains("connected_clients"));
    }
    assertEquals(List.of(), errors);
  }

  /** The client's side of a connection. */
  private static final class Peer implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final Http2Headers[] heads = new Http2Headers[8];
    private final StringBuilder[] texts = new StringBuilder[8];
    private final boolean[] ended = new boolean[8];
    private boolean goodbye;

    Peer(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(8_000);
      out = socket.getOutputStream();
      in = new DataInputStream(socket.getInputStream());
      Arrays.setAll(texts, i -> new StringBuilder());
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
      frame(SETTINGS, 0, 0, new byte[0]);
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
      ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
      frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
      out.write(frame.array());
    }

    void request(int stream, List<String> head, boolean whole) throws IOException {
      ByteArrayOutputStream block = new ByteArrayOutputStream();
      for (int i = 0; i < head.size(); i += 2) {
        block.write(0); // A literal that is not to be remembered (RFC 7541, 6.2.2).
        text(block, head.get(i));
        text(block, head.get(i + 1));
      }
      byte[] bytes = block.toByteArray();
      for (int at = 0; at < bytes.length; at += FRAME) {
        int end = Math.min(at + FRAME, bytes.length);
        int flags = (at == 0 && whole ? END_STREAM : 0) | (end == bytes.length ? END_HEADERS : 0);
        frame(at == 0 ? HEADERS : CONTINUATION, flags, stream, Arrays.copyOfRange(bytes, at, end));
      }
    }

    private static void text(ByteArrayOutputStream block, String text) {
      int rest = text.length() - 127;
      block.write(Math.min(text.length(), 127));
      if (rest >= 0) {
        for (; rest >= 128; rest >>= 7) {
          block.write((rest & 127) | 128);
        }
        block.write(rest);
      }
      block.writeBytes(text.getBytes(ISO_8859_1));
    }

    Http2Headers head(int stream) {
      return heads[stream];
    }

    String text(int stream) {
      return texts[stream].toString();
    }

    void awaitEnd(int stream) throws Exception {
      while (!ended[stream]) {
        read();
      }
    }

    void awaitText(int stream, String text) throws Exception {
      while (texts[stream].indexOf(text) < 0) {
        read();
      }
    }

    void awaitGoodbye() throws Exception {
      while (!goodbye) {
        read();
      }
    }

    private void read() throws Exception {
      int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = in.readNBytes(length);
      if (type == HEADERS) {
        int from = (flags & WITH_PRIORITY) == 0 ? 0 : 5;
        heads[stream] =
            decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(payload, from, length - from));
      } else if (type == DATA) {
        texts[stream].append(new String(payload, ISO_8859_1));
      }
      ended[stream] |= (type <= HEADERS && (flags & END_STREAM) != 0) || type == RESET;
      goodbye |= type == GOAWAY;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
